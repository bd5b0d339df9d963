import type { Clock, Random } from '../../clock.js'
import { hmacSha256, md5Hex, sha256Hex } from '../../crypto/digest.js'
import { FUNCTION_NOT_CALLED, type OpenapiError, openapiError } from '../../errors/index.js'
import type { Http } from '../../http/http.js'
import { acs3Signature, type FcRequest, fc2StringToSign } from './signature.js'

/** What Function Compute passes to a function about itself, as far as it takes that to call another one. */
export interface FcEnvironment {
  accountId: string
  region: string
  /** FC 2.0 only; FC 3.0 has no services. */
  service?: string
  /** Of the role of the function, for the time of the call. */
  credentials: { accessKeyId: string; accessKeySecret: string; securityToken: string }
}

interface InvokeDependencies {
  http: Http
  clock: Clock
  random: Random
  timeLeft(): number
  /** Where the API is; by default the account's address inside the region, which needs no way to the internet. */
  endpoint?: string | undefined
}

/** Bytes. The receiver of an event answers a word; this is for calls of any kind. */
const MAX_ANSWER = 6 * 1024 * 1024

/**
 * Calls another function of the account as `<name>`, or `<service>/<name>` on FC 2.0 where it is not a neighbour, and
 * answers what it answers; undefined for what is no JSON. Throws `FUNCTION_NOT_CALLED`, without saying more of a
 * function's own failure than its kind.
 */
export async function invokeFunction(
  target: string,
  data: object,
  environment: FcEnvironment,
  dependencies: InvokeDependencies,
): Promise<unknown> {
  const [name = '', service = environment.service] = target.split('/').reverse()
  const endpoint =
    dependencies.endpoint ?? `https://${environment.accountId}.${environment.region}-internal.fc.aliyuncs.com`
  const event = Buffer.from(JSON.stringify(data))
  const request =
    service === undefined
      ? request3(name, event, new URL(endpoint).host, environment, dependencies)
      : request2(`/services/${service}/functions/${name}`, event, environment, dependencies)
  const answer = await dependencies.http.request({
    method: 'POST',
    url: `${endpoint}${request.path}`,
    headers: request.headers,
    body: event,
    timeoutMs: dependencies.timeLeft(),
    maxBytes: MAX_ANSWER,
  })
  const failed = answer.headers['x-fc-error-type']
  if (failed !== undefined) throw notCalled(target, `failed with ${codeOf(failed) ?? 'an error'}`)
  if (answer.status < 200 || answer.status > 299) throw notCalled(target, refusalOf(answer))
  return parsed(answer.body)
}

type Signed = Pick<FcRequest, 'path'> & { headers: Record<string, string> }

/** API 2016-08-15. */
function request2(
  path: string,
  body: Buffer,
  { accountId, credentials }: FcEnvironment,
  { clock }: InvokeDependencies,
): Signed {
  const headers: Record<string, string> = {
    'content-md5': Buffer.from(md5Hex(body)).toString('base64'),
    'content-type': 'application/json',
    date: new Date(clock.now()).toUTCString(),
    'x-fc-account-id': accountId,
    'x-fc-security-token': credentials.securityToken,
  }
  const request = { method: 'POST', path: `/2016-08-15${path}/invocations`, headers, body }
  const signature = hmacSha256(credentials.accessKeySecret, fc2StringToSign(request)).toString('base64')
  headers.authorization = `FC ${credentials.accessKeyId}:${signature}`
  return request
}

/** API 2023-03-30. */
function request3(
  name: string,
  body: Buffer,
  host: string,
  environment: FcEnvironment,
  dependencies: InvokeDependencies,
): Signed {
  const { accessKeyId, accessKeySecret, securityToken } = environment.credentials
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    host,
    'x-acs-action': 'InvokeFunction',
    'x-acs-content-sha256': sha256Hex(body),
    'x-acs-date': new Date(dependencies.clock.now()).toISOString().replace(/\.\d+/, ''),
    'x-acs-security-token': securityToken,
    'x-acs-signature-nonce': dependencies.random.bytes(16).toString('hex'),
    'x-acs-version': '2023-03-30',
  }
  const request = { method: 'POST', path: `/2023-03-30/functions/${name}/invocations`, headers, body }
  const covered = Object.keys(headers).sort()
  const signature = acs3Signature(request, covered, accessKeySecret)
  headers.authorization = `ACS3-HMAC-SHA256 Credential=${accessKeyId},SignedHeaders=${covered.join(';')},Signature=${signature}`
  return request
}

/** The code alone: what else an API says of a refused request may repeat parts of it. */
function refusalOf({ status, body }: { status: number; body: Buffer }): string {
  const { ErrorCode, Code, code = Code ?? ErrorCode } = (parsed(body) ?? {}) as Record<string, unknown>
  const known = codeOf(code) ?? `HTTP ${status}`
  if (status !== 403) return `was refused (${known})`
  return `was refused (${known}); the role of this function has to allow fc:InvokeFunction`
}

/** An error code of the API; anything else may be what was sent. */
const codeOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[\w.]{1,64}$/.test(value) ? value : undefined

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch {
    return undefined
  }
}

const notCalled = (target: string, problem: string): OpenapiError =>
  openapiError(FUNCTION_NOT_CALLED, { target, problem })
