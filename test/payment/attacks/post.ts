import http from 'node:http'
import type { Letter } from './table.js'

/** What a sender sees. */
export interface Answer {
  status: number
  /** Without those that count or date the answer. */
  headers: Readonly<Record<string, unknown>>
  body: string
}

/** Far more than any answer takes, in milliseconds of real time: what is not answered by then hangs. */
const PATIENCE_MS = 20_000

/** Sends letters to the local cloud on that port, byte for byte. */
export const poster =
  (port: number) =>
  ({ method, door, path, headers, body }: Letter): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(PATIENCE_MS)
      const target = { host: '127.0.0.1', port, path: `/${door}/${path}`, agent: false, signal }
      const request = http.request({
        ...target,
        method,
        headers: { ...headers, 'content-length': body.length },
      })
      request.on('error', reject)
      request.on('response', (response) => {
        const parts: Buffer[] = []
        response.on('error', reject)
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => {
          const { statusCode: status = 0, headers: given } = response
          const { date, 'x-serverless-request-id': requestId, 'x-fc-request-id': fcId, ...telling } = given
          resolve({ status, headers: telling, body: Buffer.concat(parts).toString('utf8') })
        })
      })
      request.end(body)
    })
