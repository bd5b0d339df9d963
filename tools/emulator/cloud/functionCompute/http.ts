import { isUtf8 } from 'node:buffer'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { FunctionConfig } from '../../../../shared/runtime/config.js'
import type { Bundle } from '../bundles.js'
import { type CloudContext, FunctionFailure, newRequestId, runCall } from '../calls.js'
import {
  BodyTooLarge,
  type Exchange,
  type HttpAnswer,
  json,
  jsonObject,
  type RequestHandler,
  readable,
} from '../http.js'
import { LIMITS, LOCAL_ACCESS } from '../limits.js'
import { sendable } from '../unicloud/url.js'
import { callFc, fcContext } from './call.js'
import { failure } from './invoke.js'

/** How one version of Function Compute runs a function behind a URL. */
export type HttpRun = (cloud: CloudContext, config: FunctionConfig, call: HttpTrigger) => Promise<HttpAnswer>

export interface HttpTrigger {
  exchange: Exchange
  /** The whole path, as behind a custom domain of Function Compute, which cuts nothing off. */
  path: string
  body: Buffer
  requestId: string
}

/**
 * HTTP triggers of Function Compute: `/fc2/<path>` of version 2.0 (`req, resp, context`), `/fc3/<path>` of
 * version 3.0 (one JSON event). The function is found as behind `/http/`.
 */
export function fcHttpHandler(cloud: CloudContext, prefix: string, run: HttpRun): RequestHandler {
  return async (exchange) => {
    const path = exchange.path.slice(prefix.length)
    const found = cloud.bundles.byPath(path)
    if (!found) {
      const message = { ErrorCode: 'FunctionNotFound', ErrorMessage: 'no function has this path' }
      return readable(exchange, json(404, message))
    }
    const requestId = newRequestId(cloud)
    try {
      const body = await exchange.body(LIMITS.fcBodyBytes)
      return await run(cloud, found.config, { exchange, path, body, requestId })
    } catch (error) {
      const headers = { 'x-fc-request-id': requestId }
      if (error instanceof FunctionFailure) return readable(exchange, failure(error, 502, headers))
      if (!(error instanceof BodyTooLarge)) throw error
      const message = { ErrorCode: 'EntityTooLarge', ErrorMessage: error.message }
      return readable(exchange, json(400, message, headers))
    }
  }
}

/** The headers a function sees: Function Compute keeps some to itself. */
export const forFunction = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !name.startsWith('x-fc-') && name !== 'connection' && name !== 'keep-alive',
    ),
  )

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
    new Promise<HttpAnswer>((resolve, reject) => {
      const returned = bundle.handler(
        request,
        fc2Response(requestId, resolve),
        fcContext(cloud, config, requestId),
      )
      Promise.resolve(returned).catch(reject)
    })
  return (await runCall(cloud, { config, requestId, work })).result as HttpAnswer
}

/** The response object of an FC 2.0 HTTP function; `send` ends it. */
function fc2Response(requestId: string, sent: (answer: HttpAnswer | Promise<HttpAnswer>) => void) {
  let status = 200
  const headers = new Map<string, string>()
  const answer = (body: string | Buffer): HttpAnswer => ({
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

/** HTTP triggers of version 3.0: `handler(event, context)` with the request as one JSON event. */
export const runFc3: HttpRun = async (cloud, config, call) => {
  const { body } = await callFc(cloud, config, fc3Event(cloud, call), call.requestId)
  const requestId = { 'x-fc-request-id': call.requestId }
  const {
    statusCode,
    headers = {},
    isBase64Encoded,
    body: own = '',
  } = jsonObject(body.toString('utf8')) ?? {}
  if (typeof statusCode !== 'number') return { ...json(200, null, requestId), body }
  return {
    status: statusCode,
    headers: { ...sendable(headers as object), ...requestId },
    body: Buffer.from(String(own), isBase64Encoded === true ? 'base64' : 'utf8'),
  }
}

function fc3Event({ clock }: CloudContext, { exchange, path, body, requestId }: HttpTrigger): Buffer {
  const { method, headers, query, ip } = exchange
  const isBase64Encoded = !isUtf8(body)
  const now = clock.now()
  const host = headers.host ?? ''
  const event = {
    version: 'v1',
    rawPath: encodeURI(path),
    headers: forFunction(headers),
    queryParameters: Object.fromEntries(
      [...query.keys()].map((name) => [name, query.getAll(name).join(',')]),
    ),
    body: body.toString(isBase64Encoded ? 'base64' : 'utf8'),
    isBase64Encoded,
    requestContext: {
      ...{ accountId: LOCAL_ACCESS.accountId, domainName: host, domainPrefix: host.split('.')[0], requestId },
      ...{ time: new Date(now).toISOString(), timeEpoch: String(now) },
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: ip, userAgent: headers['user-agent'] ?? '' },
    },
  }
  return Buffer.from(JSON.stringify(event))
}
