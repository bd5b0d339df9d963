import type { AlipayApp } from '../config/alipayApp.js'
import { OpenapiError } from '../errors/index.js'
import type { HttpAnswer } from '../http/http.js'
import type { Context } from '../operation/index.js'
import { type AlipayRequest, gatewayPost } from './request.js'
import { type Member, textOf, topLevelMembers } from './scan.js'

/** What a call of Alipay needs of the world around it; in the store, if there is one, certificates are kept. */
export type AlipayOutside = Pick<Context, 'http' | 'clock' | 'random' | 'timeLeft' | 'upstream'> &
  Partial<Pick<Context, 'store' | 'hasStore'>>

/** An answer taken apart, nothing about it proved yet. */
export interface RawAnswer {
  /** Alipay refused before the method was reached, often without being able to sign. */
  isGatewayError: boolean
  /** The bytes the signature covers. */
  value: Buffer
  sign?: string
  /** Which of Alipay's certificates signed; certificate mode only. */
  certSn?: string
  /** The whole body, as evidence. */
  body: Buffer
  /** For Alipay's support. */
  traceId?: string
}

/** Alipay answers within a few seconds or not at all. */
const PATIENCE_MS = 10_000

/** Left for what has to happen after the answer. */
const RESERVE_MS = 300

/** Sends one signed request and takes the answer apart. Rejects with an unknown outcome when none came. */
export async function exchange(
  app: AlipayApp,
  request: AlipayRequest,
  dependencies: AlipayOutside,
): Promise<RawAnswer> {
  const answer = await dependencies.http.request({
    method: 'POST',
    ...gatewayPost(app, request, dependencies.clock.now()),
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    timeoutMs: Math.min(PATIENCE_MS, dependencies.timeLeft() - RESERVE_MS),
  })
  return takenApart(request.method, answer)
}

/** Where the parts of an answer lie: what is signed is found, not parsed and written again. */
export function takenApart(method: string, { status, headers, body }: HttpAnswer): RawAnswer {
  const traceId = headers.trace_id
  if (status !== 200) throw notAnAnswer(`HTTP ${status}`, traceId)
  const members = topLevelMembers(body)
  const result = members?.get(`${method.replaceAll('.', '_')}_response`)
  const refusal = members?.get('error_response')
  const found = result ?? refusal
  if (!members || !found || (result && refusal)) throw notAnAnswer('something that is no answer', traceId)
  const text = (name: string) => {
    const member = members.get(name)
    return member && textOf(slice(body, member))
  }
  return {
    isGatewayError: found === refusal,
    value: slice(body, found),
    sign: text('sign'),
    certSn: text('alipay_cert_sn'),
    body,
    traceId,
  }
}

const slice = (body: Buffer, { start, end }: Member): Buffer => body.subarray(start, end)

/** Alipay may have acted all the same. */
export const notAnAnswer = (what: string, rid: string | undefined): OpenapiError =>
  new OpenapiError({
    errCode: 'UPSTREAM_INVALID',
    errMsg: `Alipay answered with ${what}; something between here and Alipay may have answered in its place`,
    advice: 'retry',
    outcome: 'unknown',
    status: 502,
    rid,
  })

/** Whoever could change the answer could also have let the request pass. */
export const unverified = (what: string, rid?: string, cause?: unknown): OpenapiError =>
  new OpenapiError({
    errCode: 'UNVERIFIED_ANSWER',
    errMsg: `Alipay gave ${what}; whether it acted is not known. Query before sending anything again`,
    advice: 'retry',
    outcome: 'unknown',
    status: 502,
    rid,
    cause,
  })
