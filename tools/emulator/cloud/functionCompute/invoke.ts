import { hmacSha256, md5Hex, sameText } from '../../../../shared/crypto/index.js'
import type { FunctionConfig } from '../../../../shared/runtime/config.js'
import { fc2StringToSign } from '../../../../shared/runtime/functionCompute/signature.js'
import { type CloudContext, FunctionFailure, newRequestId } from '../calls.js'
import { BodyTooLarge, type Exchange, type HttpAnswer, json, type RequestHandler } from '../http.js'
import { fcServiceOf, LIMITS, LOCAL_ACCESS } from '../limits.js'
import { callFc } from './call.js'

export const FC_PREFIX = '/2016-08-15/'

const INVOCATIONS = /^\/2016-08-15\/services\/([^/.]+)(?:\.([^/]+))?\/functions\/([^/]+)\/invocations$/

/**
 * The invoke API of Function Compute 2.0 (api-invokefunction), as `@alicloud/fc2` calls it. Functions live in the
 * service of their group, `unicloud-openapi-<group>`. A function that fails is not an error of the API: the answer
 * is 200 with `x-fc-error-type`, as in the cloud.
 */
export function fcHandler(cloud: CloudContext): RequestHandler {
  return async (exchange) => {
    const requestId = newRequestId(cloud)
    try {
      checkFcSignature(exchange, cloud.clock.now())
      const config = target(cloud, exchange)
      const isAsync = exchange.headers['x-fc-invocation-type']?.toLowerCase() === 'async'
      const event = await exchange.body(isAsync ? LIMITS.fcAsyncBodyBytes : LIMITS.fcBodyBytes)
      checkFcBody(event, exchange.headers['content-md5'])
      if (!isAsync) return await invokeSync(cloud, config, event, requestId, exchange)
      cloud.background(invokeAsync(cloud, config, event, requestId))
      return { status: 202, headers: { 'x-fc-request-id': requestId }, body: '' }
    } catch (error) {
      return refusal(cloud, error, requestId)
    }
  }
}

function target({ bundles }: CloudContext, { method, path }: Exchange): FunctionConfig {
  const [, service = '', qualifier = 'LATEST', name = ''] = INVOCATIONS.exec(path) ?? []
  if (method !== 'POST' || name === '') {
    throw new FcError('PathNotSupported', 400, `'${method}' against '${path}' is not supported`)
  }
  if (!bundles.configs.some(({ group }) => fcServiceOf(group) === service)) {
    throw new FcError('ServiceNotFound', 404, `service '${service}' does not exist`)
  }
  if (qualifier !== 'LATEST') {
    throw new FcError('AliasNotFound', 404, `alias '${qualifier}' of service '${service}' does not exist`)
  }
  const config = bundles.find(name)
  if (!config || fcServiceOf(config.group) !== service) {
    throw new FcError('FunctionNotFound', 404, `function '${name}' does not exist in service '${service}'`)
  }
  return config
}

async function invokeSync(
  cloud: CloudContext,
  config: FunctionConfig,
  event: Buffer,
  requestId: string,
  exchange: Exchange,
): Promise<HttpAnswer> {
  // JSON too: parsing it is the caller's work in the cloud, and should be here.
  const headers = { 'content-type': 'application/octet-stream', 'x-fc-request-id': requestId }
  const { body, lines } = await callFc(cloud, config, event, requestId)
  if (exchange.headers['x-fc-log-type'] !== 'Tail') return { status: 200, headers, body }
  const tail = Buffer.from(lines.join('\n')).subarray(-LIMITS.fcLogTailBytes)
  return { status: 200, headers: { ...headers, 'x-fc-log-result': tail.toString('base64') }, body }
}

/** Repeats a failing asynchronous invocation as Function Compute does, so that functions must bear it. */
async function invokeAsync(
  cloud: CloudContext,
  config: FunctionConfig,
  event: Buffer,
  id: string,
): Promise<void> {
  for (let repeat = 0; repeat <= LIMITS.fcAsyncRetries; repeat++) {
    if (repeat > 0) await cloud.clock.sleep(1000 * 2 ** (repeat - 1), cloud.closing)
    if (cloud.closing.aborted) return
    try {
      await callFc(cloud, config, event, id)
      return
    } catch {
      // The log has it already; nobody waits for the answer.
    }
  }
}

function refusal(cloud: CloudContext, error: unknown, requestId: string): HttpAnswer {
  const headers = { 'x-fc-request-id': requestId }
  if (error instanceof FunctionFailure) return failure(error, 200, headers)
  const { code, status, message } = asFcError(cloud, error)
  const common = { ...headers, 'x-fc-error-type': 'FcCommonError' }
  return json(status, { ErrorCode: code, ErrorMessage: message }, common)
}

/** What a function that failed answers. The stack, which the cloud sends along, stays in the log here. */
export function failure(
  { kind, errorType, message }: FunctionFailure,
  status: number,
  headers: Record<string, string>,
): HttpAnswer {
  const type = kind === 'handled' ? 'HandledInvocationError' : 'UnhandledInvocationError'
  const body = { errorMessage: message, errorType, stackTrace: [] }
  return json(status, body, { ...headers, 'x-fc-error-type': type })
}

function asFcError(cloud: CloudContext, error: unknown): FcError {
  if (error instanceof FcError) return error
  if (error instanceof BodyTooLarge) {
    const text = `payload size exceeds maximum allowed size (${error.limit} bytes)`
    return new FcError('EntityTooLarge', 400, text)
  }
  cloud.log(`FC handle: ${error instanceof Error ? error.stack : String(error)}`)
  return new FcError('InternalServerError', 500, 'an internal error has occurred. Please retry.')
}

/** A refusal of the Function Compute API, with the code and status of its list of error codes. */
export class FcError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string,
  ) {
    super(message)
  }
}

/**
 * Checks the signature of API version 2016-08-15: HMAC-SHA256 in base64 over method, `content-md5`,
 * `content-type`, `date`, the `x-fc-*` headers and the decoded path. Throws {@link FcError}.
 */
export function checkFcSignature({ method, path, headers }: Exchange, now: number): void {
  const { date = '', authorization = '' } = headers
  for (const name of ['x-fc-account-id', 'date', 'authorization']) {
    if (!headers[name]) {
      throw new FcError('MissingRequiredHeader', 400, `required HTTP header ${name} was not specified`)
    }
  }
  const [, keyId = '', given = ''] = /^FC ([^:]+):(.+)$/.exec(authorization) ?? []
  if (keyId !== LOCAL_ACCESS.accessKeyId) {
    throw new FcError('InvalidAccessKeyID', 403, `invalid access key ID '${keyId}'`)
  }
  const expected = hmacSha256(
    LOCAL_ACCESS.accessKeySecret,
    fc2StringToSign({ method, path, headers }),
  ).toString('base64')
  // A date that cannot be read compares as NaN, which is not within any distance.
  const isFresh = Math.abs(now - Date.parse(date)) <= LIMITS.clockSkewMs
  if (!sameText(given, expected) || !isFresh) {
    throw new FcError(
      'SignatureNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided, or its date is too far off. Check your access key and signing method',
    )
  }
}

/** The signature covers the body through `content-md5` alone: base64 of the digest's hex text. */
export function checkFcBody(body: Buffer, given: string | undefined): void {
  if (given !== undefined && !sameText(given, Buffer.from(md5Hex(body)).toString('base64'))) {
    throw new FcError('InvalidArgument', 400, 'content-md5 does not fit the body')
  }
}
