import type { AlipayApp } from '../config/alipayApp.js'
import { OpenapiError } from '../errors/index.js'
import { repeated } from '../http/http.js'
import { traced } from '../operation/context.js'
import type { ErrorMeanings, LoggedDiagnosis } from '../operation/index.js'
import { openContent } from './content.js'
import { type AlipayOutside, exchange, notAnAnswer, type RawAnswer, unverified } from './exchange.js'
import { failure } from './failure.js'
import { lacking } from './keys/credentials.js'
import { canVerify, verdictOn } from './keys/trust.js'
import type { AlipayRequest } from './request.js'
import { textOf } from './scan.js'

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
export async function callAlipay(
  app: AlipayApp,
  call: AlipayCall,
  dependencies: AlipayOutside,
): Promise<AlipayAnswer> {
  if (!canVerify(app) && !call.unverified) throw lacking(app, 'key of Alipay', 'ALIPAY_PUBLIC_KEY')
  const once = () => attempt(app, call, dependencies)
  if (call.repeat === 'never') return once()
  return repeated(once, { isTransient, movesMoney: call.movesMoney === true }, dependencies)
}

/** A wrong signature is wrong the next time as well, and hides whether anything was done. */
const isTransient = (error: unknown): boolean =>
  error instanceof OpenapiError && error.advice === 'retry' && error.errCode !== 'UNVERIFIED_ANSWER'

const attempt = (app: AlipayApp, call: AlipayCall, dependencies: AlipayOutside): Promise<AlipayAnswer> =>
  traced(dependencies, call.method, async () => {
    const answer = await exchange(app, call, dependencies)
    return { fields: await readAnswer(app, call, answer, dependencies), raw: answer.body }
  })

/** The fields of an answer that is authentic and a success; rejects as {@link callAlipay} does. */
export async function readAnswer(
  app: AlipayApp,
  call: Pick<AlipayCall, 'codeless' | 'errors'>,
  answer: RawAnswer,
  dependencies: AlipayOutside,
): Promise<Readonly<Record<string, unknown>>> {
  const isBelieved = !canVerify(app) || (await isSigned(app, answer, dependencies))
  const fields = fieldsOf(app, answer)
  const { traceId, isGatewayError } = answer
  const isSuccess = fields.code === SUCCESS || (call.codeless && fields.code === undefined && !isGatewayError)
  if (!isSuccess) throw failure({ fields, isBelieved, traceId, errors: call.errors })
  if (!isBelieved) throw unverified('an answer without a signature', traceId)
  return fields
}

/** False: without a signature, as Alipay refuses a request it cannot place. A wrong signature is an error. */
async function isSigned(app: AlipayApp, answer: RawAnswer, dependencies: AlipayOutside): Promise<boolean> {
  const { value, sign, certSn, traceId } = answer
  if (!sign) return false
  // Whether the quotes of an encrypted answer are signed with it is documented nowhere.
  const encrypted = textOf(value)
  const texts = encrypted === undefined ? [value] : [value, encrypted]
  const verdict = await verdictOn(app, { sign, certSn, texts, sender: 'Alipay' }, dependencies)
  if (verdict === 'right') return true
  throw unverified(
    verdict === 'signature wrong'
      ? "a wrong signature (is ALIPAY_PUBLIC_KEY perhaps the application's own public key?)"
      : 'a signature made with a certificate that is not to be trusted',
    traceId,
    await diagnosisOf(app, answer, dependencies),
  )
}

async function diagnosisOf(
  app: AlipayApp,
  answer: RawAnswer,
  dependencies: AlipayOutside,
): Promise<LoggedDiagnosis | undefined> {
  const { diagnoseAnswer } = await import('../diagnosis/index.js')
  const { explainAnswer } = await import('./diagnosis.js')
  return diagnoseAnswer(dependencies, answer.body, () => explainAnswer(app, answer))
}

function fieldsOf(app: AlipayApp, { value, traceId }: RawAnswer): Record<string, unknown> {
  try {
    const encrypted = textOf(value)
    const text = encrypted === undefined ? value.toString('utf8') : openContent(app, encrypted)
    const fields = JSON.parse(text) as Record<string, unknown> | null
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields)) return fields
  } catch (error) {
    if (error instanceof OpenapiError) throw error
  }
  throw notAnAnswer('an answer that cannot be read', traceId)
}
