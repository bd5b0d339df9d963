import http from 'node:http'
import https from 'node:https'

/** What a client brings to a TLS connection. */
export type TlsClient = Pick<https.RequestOptions, 'ca' | 'cert' | 'key' | 'pfx' | 'passphrase'>

export interface Reply {
  status: number
  headers: http.IncomingHttpHeaders
  body: Buffer
}

/** One request on a connection of its own, over http or https by its address. */
export function send(
  url: string,
  options: TlsClient & { method?: string; headers?: Record<string, string>; body?: Buffer | string } = {},
): Promise<Reply> {
  const { method = 'POST', headers = {}, body, ...tls } = options
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith('https:') ? https : http
    const outgoing = request(url, { method, headers, agent: false, ...tls }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
