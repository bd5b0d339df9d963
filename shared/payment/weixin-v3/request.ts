import type { HttpAnswer } from '../../http/http.js'
import type { ProviderDependencies } from '../provider.js'
import { momentOf } from '../weixin/timestampAndNonce.js'
import type { V3Merchant } from './merchant.js'
import { authorization } from './signature.js'

/** WeChat Pay answers within a few seconds or not at all. */
const PATIENCE_MS = 10_000

/** Left for what has to happen after the answer. */
const RESERVE_MS = 300

export interface V3Request {
  method: 'GET' | 'POST'
  /** The whole URL exactly as it is sent: its path and query are what is signed. */
  url: string
  /** JSON text. */
  body?: string
  /** The serial of the key that sensitive fields of the body are encrypted with. */
  encryptedFor?: string
  /** The largest answer, in bytes. */
  maxBytes?: number
}

/**
 * Sends one request, signed anew each time since a signature lasts five minutes. Nothing in the answer is believed
 * yet: whoever calls has to verify it.
 */
export async function sendSigned(
  merchant: V3Merchant,
  dependencies: ProviderDependencies,
  { method, url, body, encryptedFor, maxBytes }: V3Request,
): Promise<HttpAnswer> {
  const target = url.replace(/^https?:\/\/[^/?#]+/, '')
  const serial = encryptedFor ?? merchant.v3.publicKeys[0]?.id
  return dependencies.http.request({
    method,
    url,
    headers: {
      authorization: authorization(merchant, { method, target, body: body ?? '' }, momentOf(dependencies)),
      accept: 'application/json',
      'user-agent': 'unicloud-openapi',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(serial === undefined ? {} : { 'wechatpay-serial': serial }),
    },
    ...(body === undefined ? {} : { body }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(merchant.ca === undefined ? {} : { ca: merchant.ca }),
    timeoutMs: Math.min(PATIENCE_MS, dependencies.timeLeft() - RESERVE_MS),
  })
}
