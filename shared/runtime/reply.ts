import type { HttpReply } from '../operation/index.js'

/** The response object of an FC 2.0 HTTP function. */
interface FcResponse {
  setStatusCode(status: number): void
  setHeader(name: string, value: string): void
  send(body: string | Buffer): void
}

export const isFcResponse = (value: unknown): value is FcResponse =>
  typeof (value as FcResponse | undefined)?.setStatusCode === 'function'

export function sendFcResponse(response: FcResponse, reply: HttpReply): void {
  response.setStatusCode(reply.status)
  for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value)
  response.send(reply.body)
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
