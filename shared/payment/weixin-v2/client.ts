import { nonce } from '../../clock.js'
import type { WeixinSignType } from '../../config/weixinMerchant.js'
import { OpenapiError } from '../../errors/index.js'
import { type ClientCertificate, type HttpAnswer, pageText, repeated } from '../../http/http.js'
import type { LoggedDiagnosis } from '../../operation/index.js'
import { traced } from '../../operation/operation.js'
import { type FlatXml, writeFlatXml } from '../../xml/flatXml.js'
import type { ProviderDependencies, Refusal } from '../provider.js'
import { attemptMs, LEAST_MS, unverified } from '../weixin/call.js'
import { appIdFor } from '../weixin/order.js'
import { businessFailed, communicationFailed, wordsOf } from './failure.js'
import { hidesFields, readMessage, signature, signedReading, type V2Merchant } from './signature.js'

/** One merchant and what calling for it needs: the first parameter of everything that asks WeChat Pay. */
export interface V2Client {
  merchant: V2Merchant
  dependencies: ProviderDependencies
}

export interface V2Request {
  path: string
  /** What is sent, without what every request carries (mch_id, nonce_str, sign_type, sign). */
  fields: Readonly<Record<string, string | undefined>> & { appid: string }
  /** `safe`: may be sent again when no answer came, or WeChat Pay itself asks for it. */
  repeat: 'safe' | 'never'
  /** Shows the merchant's client certificate. */
  certified?: true
  /** In place of the merchant's own algorithm. */
  signType?: WeixinSignType
  /** Moves money: an unsigned refusal then proves nothing. */
  movesMoney?: true
  /** The largest answer, in bytes. */
  maxBytes?: number
}

export interface V2Answer {
  fields: FlatXml
  raw: Buffer
}

/** The application that a request names, if it is one of the merchant's; else its first. */
export const appIdOf = ({ merchant }: V2Client, { appId }: { appId?: string | undefined }): string =>
  appIdFor(merchant, undefined, appId)

/**
 * One V2 request, signed, and its answer, authenticated: `result_code` is SUCCESS, the signature covers all fields,
 * and it speaks of our merchant and the app that was asked about. Rejects with WeChat's `err_code`; with an unknown
 * outcome whenever nothing authentic came back.
 */
export function callV2(client: V2Client, request: V2Request): Promise<V2Answer> {
  const { dependencies } = client
  const once = () =>
    traced(dependencies, request.path, async () => {
      const answer = await sendSigned(client, request)
      return { fields: await verifiedAnswer(client, request, answer), raw: answer.body }
    })
  return request.repeat === 'safe' ? repeated(once, { isTransient, leastMs: LEAST_MS }, dependencies) : once()
}

/** A wrong signature is wrong the next time as well, and says nothing of what was done. */
const isTransient = (error: unknown): boolean =>
  error instanceof OpenapiError && error.advice === 'retry' && error.errCode !== 'UNVERIFIED_ANSWER'

/** Sends one signed request. Nothing about the answer is proved yet. */
export async function sendSigned(
  { merchant, dependencies }: V2Client,
  { path, fields, certified, maxBytes, signType = merchant.signType }: V2Request,
): Promise<HttpAnswer> {
  const answer = await dependencies.http.request({
    method: 'POST',
    url: `${merchant.baseUrl}${path}`,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: writeFlatXml(signed({ ...merchant, signType }, fields, nonce(dependencies.random))),
    timeoutMs: attemptMs(dependencies),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(merchant.ca === undefined ? {} : { ca: merchant.ca }),
    ...(certified ? { clientCertificate: await certificateOf(merchant, dependencies) } : {}),
  })
  if (certified && answer.status === 400) throw unverified(UNCERTIFIED, { advice: 'fix the settings' })
  return answer
}

const UNCERTIFIED = 'HTTP 400, which is how its web server refuses a client certificate'

async function certificateOf(
  merchant: V2Merchant,
  { clock }: ProviderDependencies,
): Promise<ClientCertificate> {
  const { clientCertificate } = await import('./certificate.js')
  return clientCertificate(merchant, clock.now())
}

/** `sign_type` has to be sent for anything but MD5, or WeChat computes MD5 and calls the signature wrong. */
function signed(merchant: V2Merchant, fields: V2Request['fields'], nonceStr: string): [string, string][] {
  const whole = {
    ...fields,
    mch_id: merchant.mchId,
    nonce_str: nonceStr,
    sign_type: merchant.signType === 'MD5' ? undefined : merchant.signType,
  }
  const given = Object.entries(whole).filter((field): field is [string, string] => field[1] !== undefined)
  return [...given, ['sign', signature(given, merchant.key, merchant.signType)]]
}

async function verifiedAnswer(
  client: V2Client,
  { fields: { appid }, movesMoney }: V2Request,
  answer: HttpAnswer,
): Promise<FlatXml> {
  const { merchant } = client
  const refused = async (what: string, reason: Refusal) =>
    unverified(what, {
      cause: await diagnosisOf(client, answer, reason),
      words: typeof fields === 'string' ? pageText(answer) : wordsOf(fields),
    })
  const fields = readMessage(answer.body)
  if (typeof fields === 'string')
    throw await refused(`an answer that is ${fields} (HTTP ${answer.status})`, fields)
  if (fields.get('return_code') === 'FAIL') {
    throw communicationFailed(wordsOf(fields), movesMoney ? 'unknown' : 'failed')
  }
  if (fields.get('return_code') !== 'SUCCESS') {
    throw unverified('an answer without a return_code', { words: wordsOf(fields) })
  }
  const signed = signedReading(fields, merchant.key, merchant.signType)
  if (!signed) {
    const reason = fields.get('sign') ? 'signature wrong' : 'signature missing'
    throw await refused('an answer with a wrong signature', reason)
  }
  if (hidesFields(signed)) throw unverified('an answer that can be read in several ways')
  if (signed.get('mch_id') !== merchant.mchId || signed.get('appid') !== appid) {
    throw unverified('an answer about another merchant or app')
  }
  if (signed.get('result_code') !== 'SUCCESS') throw businessFailed(signed)
  return signed
}

async function diagnosisOf(
  { merchant, dependencies }: V2Client,
  { headers, body: rawBody }: HttpAnswer,
  reason: Refusal,
): Promise<LoggedDiagnosis | undefined> {
  const { diagnoseAnswer } = await import('../../diagnosis/index.js')
  const { explainMessage } = await import('./diagnosis.js')
  return diagnoseAnswer(dependencies, rawBody, () => explainMessage(merchant, { headers, rawBody }, reason))
}
