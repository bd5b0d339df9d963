import { rsaSign } from '../../crypto/index.js'
import type { Moment } from '../weixin/timestampAndNonce.js'
import { merchantKey, type V3Merchant } from './merchant.js'

/** The only signature suite there is for RSA keys; also the first word of the Authorization header. */
export const SUITE = 'WECHATPAY2-SHA256-RSA2048'

/** Every text that V3 signs: lines that all end with LF, the last and the empty ones too. */
export const signedLines = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')

/** The merchant's signature over such lines, base64. */
export const signLines = (merchant: V3Merchant, ...lines: readonly string[]): string =>
  rsaSign('sha256', merchantKey(merchant), signedLines(...lines))

/** What the signature of a request covers. */
export interface Signable {
  method: string
  /** Path and query exactly as sent, percent-encoded, without the host. */
  target: string
  /** Exactly as sent; empty when there is none. */
  body: string
}

/**
 * The Authorization header of one request.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012365336
 */
export function authorization(
  merchant: V3Merchant,
  { method, target, body }: Signable,
  { seconds, nonceStr }: Moment,
): string {
  const signature = signLines(merchant, method, target, seconds, nonceStr, body)
  const parts = {
    mchid: merchant.mchId,
    nonce_str: nonceStr,
    signature,
    timestamp: seconds,
    serial_no: merchant.v3.serialNo,
  }
  const written = Object.entries(parts).map(([name, value]) => `${name}="${value}"`)
  return `${SUITE} ${written.join(',')}`
}
