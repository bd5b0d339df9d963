import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** A notice as it came in at the merchant's. */
export interface Notified {
  headers: http.IncomingHttpHeaders
  body: string
}

export interface Merchant {
  /** Where notices are to be sent. */
  notifyUrl: string
  received: Notified[]
  /** What is answered from now on; `hang` never answers. */
  answer: { status: number; body: string } | 'hang'
  close(): Promise<void>
}

export const THANKS =
  '<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>'

/** A merchant that listens on loopback, keeps what arrives, and answers what the test wants. */
export async function merchant(): Promise<Merchant> {
  const server = http.createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('error', () => undefined)
    request.on('end', () => {
      self.received.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') })
      if (self.answer !== 'hang') response.writeHead(self.answer.status).end(self.answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const self: Merchant = {
    notifyUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notice`,
    received: [],
    answer: { status: 200, body: THANKS },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return self
}
