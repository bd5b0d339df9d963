import { isUtf8 } from 'node:buffer'
import { type CloudContext, FunctionFailure, newRequestId } from '../calls.js'
import { BodyTooLarge, type Exchange, type HttpAnswer, json, type RequestHandler, readable } from '../http.js'
import { LOCAL_SPACE } from '../limits.js'
import { callUniCloud } from './call.js'

/**
 * `ANY /http/<path>`: a function behind a URL of uniCloud (doc.dcloud.net.cn/uniCloud/http.html). `path` picks the
 * function whose configured path is its longest prefix; the function sees what comes after it.
 */
export function urlHandler(cloud: CloudContext, prefix: string): RequestHandler {
  return async (exchange) => {
    const found = cloud.bundles.byPath(exchange.path.slice(prefix.length))
    if (!found) {
      return readable(
        exchange,
        json(404, { code: 'FUNCTION_NOT_FOUND', message: 'no function has this path' }),
      )
    }
    try {
      const { limits } = cloud
      const isText = TEXT.test(exchange.headers['content-type'] ?? 'text/plain')
      const body = await exchange.body(isText ? limits.urlTextBytes : limits.urlBodyBytes)
      const event = {
        ...integratedRequest(exchange, found.rest, body),
        ...(limits.edition === 'tencent' ? { requestContext: requestContextOf(cloud, exchange) } : {}),
      }
      const { config } = found
      const about = {
        source: 'http',
        ip: exchange.ip,
        userAgent: exchange.headers['user-agent'] ?? '',
        patience: limits.urlSeconds,
      } as const
      const { result, requestId } = await callUniCloud(cloud, { config, event, ...about })
      return withinSize(composed(result, { 'x-serverless-request-id': requestId }), limits.urlAnswerBytes)
    } catch (error) {
      return readable(exchange, refusal(error))
    }
  }
}

/** What Tencent's gateway takes for text, and has a limit of its own for. */
const TEXT = /^text\/|json|xml|x-www-form-urlencoded/i

/** What Tencent's gateway adds; nothing here may be believed by a function, and nothing of ours reads it. */
const requestContextOf = (cloud: CloudContext, { ip, method, path }: Exchange) => ({
  ...{
    appId: '0',
    envId: LOCAL_SPACE.spaceId,
    requestId: newRequestId(cloud),
    uin: '0',
    qualifier: '$LATEST',
  },
  ...{ sourceIp: ip, httpMethod: method, path },
})

function withinSize(answer: HttpAnswer, most: number): HttpAnswer {
  if (Buffer.byteLength(answer.body) <= most) return answer
  return json(400, { code: 'ResponseContentLength.Exceeded', message: `the answer exceeds ${most} bytes` })
}

function integratedRequest({ method, headers, query }: Exchange, path: string, body: Buffer) {
  // Documented for text too; XML always comes so here, since a notice is where forgetting it costs money.
  const isBase64Encoded = !isUtf8(body) || /\bxml\b/i.test(headers['content-type'] ?? '')
  return {
    path,
    httpMethod: method,
    headers,
    ...(query.size > 0 ? { queryStringParameters: Object.fromEntries(query) } : {}),
    ...(body.length > 0 ? { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') } : {}),
    isBase64Encoded,
  }
}

interface Composed {
  mpserverlessComposedResponse: true
  isBase64Encoded?: boolean
  statusCode?: number
  headers?: Record<string, string>
  body?: string
}

const isComposed = (result: unknown): result is Composed =>
  (result as Composed | null)?.mpserverlessComposedResponse === true

/** Alibaba's edition takes a result for an HTTP response only where it says so, and none minds; all else is shown as it is. */
function composed(result: unknown, headers: Record<string, string>): HttpAnswer {
  if (!isComposed(result)) {
    if (typeof result === 'object' && result !== null) return json(200, result, headers)
    const type = { 'content-type': 'text/plain; charset=utf-8' }
    return { status: 200, headers: { ...headers, ...type }, body: String(result ?? '') }
  }
  const { isBase64Encoded = false, statusCode = 200, headers: own = {}, body = '' } = result
  if (typeof body !== 'string') {
    const message = 'The Body of ComposedResponse is not valid.'
    return json(400, { code: 'InvalidComposedResponseBody', message }, headers)
  }
  return {
    status: statusCode,
    headers: { ...sendable(own), ...headers },
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  }
}

const OURS = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'server',
  'transfer-encoding',
  'upgrade',
])

/** The headers a function may set: those that frame the message belong to whoever sends it. */
export const sendable = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]): [string, string] => [name.toLowerCase(), String(value)])
      .filter(([name]) => !OURS.has(name) && !name.startsWith('x-fc-')),
  )

function refusal(error: unknown): HttpAnswer {
  if (error instanceof BodyTooLarge) {
    return json(400, { code: 'RequestContentLength.Exceeded', message: error.message })
  }
  if (!(error instanceof FunctionFailure)) throw error
  if (error.kind === 'timeout') return json(504, { code: 'RequestTimeout', message: error.message })
  return json(500, { code: 'FunctionBizError', message: error.message })
}
