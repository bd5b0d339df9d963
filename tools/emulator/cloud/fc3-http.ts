import { isUtf8 } from 'node:buffer'
import type { Cloud } from './calls.js'
import { json, jsonObject } from './exchange.js'
import { callFc } from './fc-call.js'
import { forFunction, type HttpRun, type HttpTrigger } from './fc-http.js'
import { LOCAL_ACCESS } from './identity.js'
import { sendable } from './url.js'

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

function fc3Event({ clock }: Cloud, { exchange, path, body, requestId }: HttpTrigger): Buffer {
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
