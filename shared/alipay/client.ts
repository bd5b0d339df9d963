import { OpenapiError } from '../errors/index.js'
import { repeated } from '../http/http.js'
import { readJson } from '../json.js'
import type { ErrorMeanings, LoggedDiagnosis } from '../operation/index.js'
import { traced } from '../operation/operation.js'
import { type RawAnswer, textOf } from './answer.js'
import { failure, notAnAnswer } from './failure.js'
import { canVerify, verifySignature } from './keys/verifySignature.js'
import { type AlipayClient, type AlipayRequest, decryptContent, sendSigned } from './request.js'
import { settingMissing, unverified } from './signature.js'

export type { AlipayClient } from './request.js'

/** One call: what is sent, and what its answer has to be like. */
export interface AlipayCall extends AlipayRequest {
  /** Whether sending the same request twice does no harm. */
  repeat: 'safe' | 'never'
  /** After an attempt with an unknown outcome, a refusal of the next one does not say that nothing was done. */
  movesMoney?: true
  /** Whether an application without a key of Alipay may make it; the answer then rests on TLS alone. */
  unverified?: 'allowed'
  /** Some old methods give no `code` when they succeed. */
  codeless?: boolean
  errors?: ErrorMeanings
}

export interface AlipayAnswer {
  /** The fields of the `_response`, in the names of the wire. */
  fields: Readonly<Record<string, unknown>>
  /** The whole body, as evidence. */
  raw: Buffer
}

const SUCCESS = '10000'

/**
 * Calls Alipay. The answer is authentic and says `code` 10000; everything else rejects: with Alipay's `sub_code`, and
 * with an unknown outcome whenever Alipay does not know itself or nothing authentic came back.
 * https://opendocs.alipay.com/common/02km9f
 */
export async function callAlipay(client: AlipayClient, call: AlipayCall): Promise<AlipayAnswer> {
  const { app, dependencies } = client
  if (!canVerify(app) && !call.unverified) throw settingMissing(app, 'key of Alipay', 'ALIPAY_PUBLIC_KEY')
  const once = () => attempt(client, call)
  if (call.repeat === 'never') return once()
  return repeated(once, { isTransient, movesMoney: call.movesMoney === true }, dependencies)
}

/** A wrong signature is wrong the next time as well, and hides whether anything was done. */
const isTransient = (error: unknown): boolean =>
  error instanceof OpenapiError && error.advice === 'retry' && error.errCode !== 'UNVERIFIED_ANSWER'

const attempt = (client: AlipayClient, call: AlipayCall): Promise<AlipayAnswer> =>
  traced(client.dependencies, call.method, async () => {
    const answer = await sendSigned(client, call)
    return { fields: await verifiedAnswer(client, call, answer), raw: answer.body }
  })

/** The fields of an answer that is authentic and a success; rejects as {@link callAlipay} does. */
export async function verifiedAnswer(
  client: AlipayClient,
  call: Pick<AlipayCall, 'codeless' | 'errors'>,
  answer: RawAnswer,
): Promise<AlipayAnswer['fields']> {
  const { app } = client
  const isVerified = !canVerify(app) || (await isSigned(client, answer))
  const fields = fieldsOf(app, answer)
  const { traceId, isGatewayError } = answer
  const isSuccess = fields.code === SUCCESS || (call.codeless && fields.code === undefined && !isGatewayError)
  if (!isSuccess) throw failure({ fields, isVerified, traceId, errors: call.errors })
  if (!isVerified) throw unverified('an answer without a signature', { rid: traceId })
  return fields
}

/** False: without a signature, as Alipay refuses a request it cannot place. A wrong signature is an error. */
async function isSigned(client: AlipayClient, answer: RawAnswer): Promise<boolean> {
  const { value, sign, certSn, traceId } = answer
  if (!sign) return false
  // Whether the quotes of an encrypted answer are signed with it is documented nowhere.
  const encrypted = textOf(value)
  const texts = encrypted === undefined ? [value] : [value, encrypted]
  const problem = await verifySignature(client, { sign, certSn, texts, from: 'answer' })
  if (!problem) return true
  const cause = await diagnosisOf(client, answer)
  if (problem === 'signature key unknown') {
    throw unverified('a signature made with a certificate that is not to be trusted', { rid: traceId, cause })
  }
  const { wrongKey } = await import('./diagnosis.js')
  const key = wrongKey(client.app, sign)
  const advice = key === undefined ? 'retry' : 'fix the settings'
  throw unverified(`a wrong signature${key ? ` (${key})` : ''}`, { rid: traceId, cause, advice })
}

async function diagnosisOf(
  { app, dependencies }: AlipayClient,
  answer: RawAnswer,
): Promise<LoggedDiagnosis | undefined> {
  const { diagnoseAnswer } = await import('../diagnosis/index.js')
  const { explainAnswer } = await import('./diagnosis.js')
  return diagnoseAnswer(dependencies, answer.body, () => explainAnswer(app, answer))
}

function fieldsOf(app: AlipayClient['app'], { value, traceId }: RawAnswer): Record<string, unknown> {
  try {
    const encrypted = textOf(value)
    const text = encrypted === undefined ? value.toString('utf8') : decryptContent(app, encrypted)
    const fields = readJson(text) as Record<string, unknown> | null
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return fields
  } catch (error) {
    if (error instanceof OpenapiError) throw error
  }
  throw notAnAnswer('an answer that cannot be read', traceId)
}
