import { nonce } from '../../clock.js'
import type { WeixinSignType } from '../../config/weixinMerchant.js'
import type { ClientCertificate, HttpAnswer } from '../../http/http.js'
import { traced } from '../../operation/context.js'
import type { Examined } from '../../operation/index.js'
import { type FlatXml, writeFlatXml } from '../../xml/flatXml.js'
import type { ProviderDependencies, Refusal } from '../provider.js'
import { unverified } from '../weixin/failure.js'
import { businessFailed, communicationFailed } from './failure.js'
import type { V2Merchant } from './merchant.js'
import { readMessage } from './message.js'
import { isSigned, signature } from './sign.js'

/** What is sent, without what every request carries (mch_id, nonce_str, sign_type, sign). */
export type V2Fields = Readonly<Record<string, string | undefined>> & { appid: string }

export interface V2Answer {
  fields: FlatXml
  raw: Buffer
}

/** How a call differs from most. */
export interface V2Way {
  /** Shows the merchant's client certificate. */
  certified?: true
  /** In place of the merchant's own algorithm. */
  signType?: WeixinSignType
  /** Moves money: an unsigned refusal then proves nothing. */
  movesMoney?: true
  /** The largest answer, in bytes. */
  maxBytes?: number
}

/** WeChat answers within a few seconds or not at all. */
const PATIENCE_MS = 10_000

/** Left for what has to happen after the answer. */
const RESERVE_MS = 300

/**
 * One V2 request, signed, and its answer, authenticated: `result_code` is SUCCESS, the signature covers all fields,
 * and it speaks of our merchant and the app that was asked about. Rejects with WeChat's `err_code`; with an unknown
 * outcome whenever nothing authentic came back.
 */
export const callV2 = (
  merchant: V2Merchant,
  dependencies: ProviderDependencies,
  path: string,
  fields: V2Fields,
  way: V2Way = {},
): Promise<V2Answer> =>
  traced(dependencies, path, async () => {
    const answer = await send(merchant, dependencies, path, fields, way)
    return { fields: await authenticate(merchant, dependencies, fields.appid, answer, way), raw: answer.body }
  })

/** Sends one signed request. Nothing about the answer is proved yet. */
export async function send(
  merchant: V2Merchant,
  dependencies: ProviderDependencies,
  path: string,
  fields: V2Fields,
  { certified, maxBytes, signType = merchant.signType }: V2Way,
): Promise<HttpAnswer> {
  const answer = await dependencies.http.request({
    method: 'POST',
    url: `${merchant.baseUrl}${path}`,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: writeFlatXml(signed({ ...merchant, signType }, fields, nonce(dependencies.random))),
    timeoutMs: Math.min(PATIENCE_MS, dependencies.timeLeft() - RESERVE_MS),
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
function signed(merchant: V2Merchant, fields: V2Fields, nonceStr: string): [string, string][] {
  const whole = {
    ...fields,
    mch_id: merchant.mchId,
    nonce_str: nonceStr,
    sign_type: merchant.signType === 'MD5' ? undefined : merchant.signType,
  }
  const given = Object.entries(whole).filter((field): field is [string, string] => field[1] !== undefined)
  return [...given, ['sign', signature(given, merchant.key, merchant.signType)]]
}

async function authenticate(
  merchant: V2Merchant,
  dependencies: ProviderDependencies,
  appId: string,
  answer: HttpAnswer,
  { movesMoney }: V2Way,
): Promise<FlatXml> {
  const doubted = async (what: string, reason: Refusal) =>
    unverified(what, { cause: await examined(merchant, dependencies, answer, reason) })
  const fields = readMessage(answer.body)
  if (typeof fields === 'string')
    throw await doubted(`an answer that is ${fields} (HTTP ${answer.status})`, fields)
  if (fields.get('return_code') === 'FAIL') {
    throw communicationFailed(fields.get('return_msg') ?? '', movesMoney ? 'unknown' : 'failed')
  }
  if (fields.get('return_code') !== 'SUCCESS') throw unverified('an answer without a return_code')
  if (!isSigned(fields, merchant.key, merchant.signType)) {
    const reason = fields.get('sign') ? 'signature wrong' : 'signature missing'
    throw await doubted('an answer with a wrong signature', reason)
  }
  if (fields.get('mch_id') !== merchant.mchId || fields.get('appid') !== appId) {
    throw unverified('an answer about another merchant or app')
  }
  if (fields.get('result_code') !== 'SUCCESS') throw businessFailed(fields)
  return fields
}

async function examined(
  merchant: V2Merchant,
  dependencies: ProviderDependencies,
  { headers, body: rawBody }: HttpAnswer,
  reason: Refusal,
): Promise<Examined | undefined> {
  const { diagnoseAnswer } = await import('../../diagnosis/index.js')
  const { explainMessage } = await import('./diagnosis.js')
  return diagnoseAnswer(dependencies, rawBody, () => explainMessage(merchant, { headers, rawBody }, reason))
}
