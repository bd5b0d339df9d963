import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Bundle } from './bundles.js'
import { runCall } from './calls.js'
import type { Answer } from './exchange.js'
import { fcContext } from './fc-call.js'
import { forFunction, type HttpRun } from './fc-http.js'
import { sendable } from './url.js'

/** HTTP functions of version 2.0: `handler(req, resp, context)`. */
export const runFc2: HttpRun = async (cloud, config, { exchange, path, body, requestId }) => {
  const { method, headers, query, ip } = exchange
  const queries = Object.fromEntries(
    [...query.keys()].map((name) => [
      name,
      query.getAll(name).length > 1 ? query.getAll(name) : query.get(name),
    ]),
  )
  // Functions read the request as a stream or through `body`: both are in use.
  const request = Object.assign(Readable.from([body]), {
    ...{ method, path, queries, body, clientIP: ip, url: path, headers: forFunction(headers) },
  })
  const work = (bundle: Bundle) =>
    new Promise<Answer>((resolve, reject) => {
      const returned = bundle.handler(
        request,
        fc2Response(requestId, resolve),
        fcContext(cloud, config, requestId),
      )
      Promise.resolve(returned).catch(reject)
    })
  return (await runCall(cloud, { config, requestId, work })).result as Answer
}

/** The response object of an FC 2.0 HTTP function; `send` ends it. */
function fc2Response(requestId: string, sent: (answer: Answer | Promise<Answer>) => void) {
  let status = 200
  const headers = new Map<string, string>()
  const answer = (body: string | Buffer): Answer => ({
    status,
    headers: { ...sendable(Object.fromEntries(headers)), 'x-fc-request-id': requestId },
    body,
  })
  return {
    setStatusCode: (code: number) => {
      status = code
    },
    setHeader: (name: string, value: string) => {
      headers.set(name.toLowerCase(), value)
    },
    deleteHeader: (name: string) => {
      headers.delete(name.toLowerCase())
    },
    send: (body: string | Buffer | Readable) => {
      sent(body instanceof Readable ? buffer(body).then(answer) : answer(body))
    },
  }
}
