import { inDoubt, OpenapiError } from '../../errors/index.js'
import type { HttpAnswer } from '../../http/http.js'
import { traced } from '../../operation/context.js'
import type { ProviderDependencies } from '../provider.js'
import { unverified } from '../weixin/failure.js'
import { doubtAbout } from './authenticity.js'
import { errCodes } from './errCodes.js'
import { doubted, failed } from './failure.js'
import { type Fields, Incomplete, parsedObject } from './fields.js'
import type { KeyRing } from './keyRing.js'
import type { V3Merchant } from './merchant.js'
import { sendSigned, type V3Request } from './request.js'

/** One merchant, the keys to verify WeChat Pay with, and the world around: what every call needs. */
export interface Line {
  merchant: V3Merchant
  keys: KeyRing
  dependencies: ProviderDependencies
}

export interface V3Call extends Pick<V3Request, 'method' | 'encryptedFor'> {
  /** Path and query, percent-encoded. */
  target: string
  body?: object
  /**
   * `safe`: may be sent again whenever no answer can be relied on. `never`: only when nothing has left, or WeChat Pay
   * itself asks for the same request again.
   */
  repeat: 'safe' | 'never'
}

export interface V3Answer {
  fields: Fields
  raw: Buffer
}

const MAX_TRIES = 3
const FIRST_PAUSE_MS = 200
/** An attempt that cannot finish is not begun. */
const LEAST_MS = 1000

const MAIN = 'https://api.mch.weixin.qq.com'
const SECOND = 'https://api2.mch.weixin.qq.com'

/** The addresses of WeChat Pay, the one to try first in front. Another address, that of the local platforms say, has no second. */
export const domainsOf = ({ baseUrl }: V3Merchant): readonly string[] =>
  baseUrl === MAIN ? [MAIN, SECOND] : [baseUrl]

/**
 * One V3 request and its authentic answer. Busy answers and failed connections are tried again where that is safe
 * and time is left, the latter at the second domain. Rejects with WeChat Pay's own code; with an unknown outcome
 * whenever nothing authentic came back.
 */
export async function callV3(line: Line, call: V3Call): Promise<V3Answer> {
  const { merchant, keys, dependencies } = line
  await keys.ready()
  const domains = domainsOf(merchant)
  let domain = 0
  let mayHaveActed = false
  for (let tries = 1; ; tries++) {
    try {
      return await attempt(line, call, domains[domain % domains.length] ?? merchant.baseUrl)
    } catch (error) {
      if (!(error instanceof OpenapiError)) throw error
      mayHaveActed ||= call.repeat === 'never' && error.outcome === 'unknown'
      const pause = FIRST_PAUSE_MS * 2 ** (tries - 1) + dependencies.random.bytes(1).readUInt8(0)
      const inTime = dependencies.timeLeft() > pause + LEAST_MS
      if (tries === MAX_TRIES || !inTime || !mayRepeat(call, error))
        throw mayHaveActed ? inDoubt(error) : error
      if (isConnection(error)) domain++
      await dependencies.clock.sleep(pause)
    }
  }
}

const isConnection = ({ errCode }: OpenapiError): boolean => String(errCode).startsWith('UPSTREAM_')

function mayRepeat({ repeat }: V3Call, failure: OpenapiError): boolean {
  if (isConnection(failure)) return failure.outcome === 'failed' || repeat === 'safe'
  if (failure.advice !== 'retry') return false
  return repeat === 'safe' || Object.hasOwn(errCodes, failure.errCode)
}

const attempt = (line: Line, call: V3Call, base: string): Promise<V3Answer> =>
  traced(line.dependencies, apiName(call, base), async () => {
    const { method, target, body, encryptedFor } = call
    const request = {
      method,
      url: `${base}${target}`,
      ...(encryptedFor === undefined ? {} : { encryptedFor }),
    }
    const written = body === undefined ? {} : { body: JSON.stringify(body) }
    return believed(line, await sendSigned(line.merchant, line.dependencies, { ...request, ...written }))
  })

/** Without the query; the second domain shows, since its use means trouble at the first. */
const apiName = ({ target }: V3Call, base: string): string =>
  `${base === SECOND ? 'api2 ' : ''}${target.replace(/\?.*$/, '')}`

/** What an answer says, if it is WeChat Pay's and no refusal; rejects as {@link callV3} does. */
export async function believed(
  { merchant, keys, dependencies }: Line,
  answer: HttpAnswer,
): Promise<V3Answer> {
  const doubt = await doubtAbout(answer, dependencies.clock.now(), keys.find).catch((cause: unknown) => {
    throw unverified('an answer, but the keys to verify it with could not be read', { answer, cause })
  })
  if (doubt) throw await doubted(answer, doubt, { merchant, dependencies, known: keys.known })
  if (answer.status !== 200 && answer.status !== 204) throw failed(answer)
  const fields = answer.body.length === 0 ? {} : parsedObject(answer.body)
  if (!fields) throw unverified('an answer that is no JSON object', { answer })
  return { fields, raw: answer.body }
}

/** What `read` makes of an answer; an authentic answer that is not to be understood leaves the outcome unknown. */
export function understood<Facts>(answer: V3Answer, read: (fields: Fields) => Facts): Facts {
  try {
    return read(answer.fields)
  } catch (error) {
    if (error instanceof Incomplete) throw unverified(`an answer in which ${error.message}`)
    throw error
  }
}
