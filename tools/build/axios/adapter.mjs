import { request as overHttp } from 'node:http'
import { request as overHttps } from 'node:https'
import AxiosError from 'axios/unsafe/core/AxiosError.js'
import AxiosHeaders from 'axios/unsafe/core/AxiosHeaders.js'

/**
 * What of axios's adapter for Node the functions use (`shared/http/http.ts`), and its errors: no forms, no redirects, no
 * proxy, nothing unpacked. Its own loads for longer than the rest of axios and `node:https` together.
 */
export const adapter = (config) =>
  new Promise((resolve, reject) => {
    const { method, url, data, signal, httpAgent, httpsAgent, maxBodyLength, maxContentLength } = config
    const failed = (code, message) => reject(new AxiosError(message, code, config, request))
    let request
    const { protocol, hostname, port, pathname, search, username, password } = new URL(url)
    const body = typeof data === 'string' ? Buffer.from(data) : data
    if (exceeds(body?.length, maxBodyLength)) {
      failed('ERR_BAD_REQUEST', 'Request body larger than maxBodyLength limit')
      return
    }
    const isSecure = protocol === 'https:'
    request = (isSecure ? overHttps : overHttp)({
      method: method.toUpperCase(),
      protocol,
      hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
      port,
      path: pathname + search,
      ...(username || password ? { auth: [username, password].map(decodeURIComponent).join(':') } : {}),
      headers: headersOf(config.headers, body),
      agent: isSecure ? httpsAgent : httpAgent,
      insecureHTTPParser: false,
    })
    const cancel = () => {
      failed('ERR_CANCELED', 'canceled')
      request.destroy()
    }
    if (signal?.aborted) cancel()
    signal?.addEventListener('abort', cancel)
    request.once('close', () => signal?.removeEventListener('abort', cancel))
    request.on('error', (error) => reject(AxiosError.from(error, error.code, config, request)))
    request.on('response', (response) => {
      const pieces = []
      let length = 0
      response.on('data', (piece) => {
        pieces.push(piece)
        length += piece.length
        if (!exceeds(length, maxContentLength)) return
        failed('ERR_BAD_RESPONSE', `maxContentLength size of ${maxContentLength} exceeded`)
        request.destroy()
      })
      response.on('aborted', () => failed('ERR_BAD_RESPONSE', 'stream has been aborted'))
      response.on('error', (error) => reject(AxiosError.from(error, error.code, config, request)))
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          statusText: response.statusMessage,
          headers: new AxiosHeaders(response.headers),
          data: Buffer.concat(pieces),
          config,
          request,
        }),
      )
    })
    request.end(body)
  })

/** axios's -1 stands for no limit. */
const exceeds = (length, limit) => limit > -1 && length > limit

function headersOf(given, body) {
  const headers = AxiosHeaders.from(given).normalize()
  if (body !== undefined) headers.setContentLength(body.length, false)
  headers.set('Accept-Encoding', 'gzip, compress, deflate, br', false)
  return headers.toJSON()
}
