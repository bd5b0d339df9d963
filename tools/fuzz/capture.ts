import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** A call by URL, as it arrived. */
export interface Call {
  headers: Record<string, string>
  query: Record<string, string>
  body: Buffer
}

/** An address that thanks for everything, and keeps it. */
export interface Capture {
  url: string
  calls: Call[]
  close(): Promise<void>
}

/** In words that every payment system takes for thanks, but for Alipay, which comes again after minutes. */
const THANKS = '<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>'

/** Headers of the connection, which say nothing about the message. */
const OF_THE_LINE = new Set(['host', 'connection', 'content-length', 'transfer-encoding'])

export async function capture(): Promise<Capture> {
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    const own = Object.entries(request.headers).filter(([name]) => !OF_THE_LINE.has(name))
    const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1')
    calls.push({
      headers: Object.fromEntries(own.map(([name, value]) => [name, String(value)])),
      query: Object.fromEntries(searchParams),
      body: await buffer(request),
    })
    response.end(THANKS)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
