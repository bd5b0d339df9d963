import { asOpenapiError, type OpenapiError } from '../errors/index.js'
import type { HttpReply, Source } from '../operation/index.js'

const SUBJECT = 'unicloud-openapi'

/** What a caller gets: `{ errCode: 0, errMsg: 'ok', ...result }`, or the error without its cause. */
export type FunctionAnswer = Record<string, unknown> & { errCode: number | string; errMsg: string }

/** Bytes cannot travel as JSON: `{ contentType, buffer }` becomes `{ contentType, base64 }`. */
export function success(result: unknown): FunctionAnswer {
  const fields = typeof result === 'object' && result !== null ? (result as Record<string, unknown>) : {}
  const { buffer, ...rest } = fields
  const bytes = Buffer.isBuffer(buffer) ? { base64: buffer.toString('base64') } : {}
  return { errCode: 0, errMsg: 'ok', ...rest, ...bytes }
}

/** The call that is refused. Only the merchant's own servers get to read all that a platform said. */
interface RefusedCall {
  requestId: string
  source: Source
}

export function refusal(error: unknown, { requestId, source }: RefusedCall): FunctionAnswer {
  const { errCode, errMsg, clientMsg, advice, outcome, rid }: OpenapiError = asOpenapiError(error)
  const isOurServer = source === 'server' || source === 'timer'
  return {
    errCode,
    errMsg: isOurServer ? errMsg : (clientMsg ?? errMsg),
    errSubject: SUBJECT,
    requestId,
    advice,
    ...(outcome === 'unknown' ? { outcome } : {}),
    ...(rid === undefined ? {} : { rid }),
  }
}

/** An answer as HTTP, for clients that call by URL. */
export function jsonReply(
  status: number,
  answer: FunctionAnswer,
  headers: Record<string, string> = {},
): HttpReply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(answer),
  }
}

/** The shape both uniCloud and FC 3.0 turn into an HTTP response; the first member is uniCloud's mark. */
export function composedResponse({ status, headers, body }: HttpReply) {
  const isBase64Encoded = typeof body !== 'string'
  return {
    mpserverlessComposedResponse: true,
    isBase64Encoded,
    statusCode: status,
    headers,
    body: typeof body === 'string' ? body : body.toString('base64'),
  }
}
