import { Aes, Formatter } from 'wechatpay-axios-plugin'
import type { HttpCall } from '../../../shared/operation/index.js'
import { API_KEY, APP_ID, MCH_ID, NOW, publicKeySigner, type Signer, vouch } from './platform.js'

/** Notices as WeChat Pay sends them, sealed and signed by wechatpay-axios-plugin. */

export type Kind = 'payment' | 'refund'

export const transaction: Readonly<Record<string, unknown>> = {
  mchid: MCH_ID,
  appid: APP_ID,
  out_trade_no: 'order20260131',
  transaction_id: '4200000985202601310000000001',
  trade_type: 'JSAPI',
  trade_state: 'SUCCESS',
  trade_state_desc: '支付成功',
  bank_type: 'CMC',
  attach: '',
  success_time: '2026-01-31T11:59:58+08:00',
  payer: { openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o' },
  amount: { total: 1999, payer_total: 1499, currency: 'CNY', payer_currency: 'CNY' },
  promotion_detail: [{ coupon_id: '109519', type: 'NOCASH', amount: 500, name: '单品惠' }],
}

export const refundResource: Readonly<Record<string, unknown>> = {
  mchid: MCH_ID,
  out_trade_no: 'order20260131',
  transaction_id: '4200000985202601310000000001',
  out_refund_no: 'refund1',
  refund_id: '50000000382019052709732678859',
  refund_status: 'SUCCESS',
  success_time: '2026-01-31T04:00:00Z',
  user_received_account: '招商银行信用卡0403',
  amount: { total: 1999, refund: 500, payer_total: 1499, payer_refund: 500 },
}

interface EnvelopeOptions {
  content?: unknown
  text?: string
  event?: string
  apiKey?: string
  nonce?: string
  extra?: object
}

/** The body of a notice: an envelope around the sealed resource. */
export function noticeBody(kind: Kind, options: EnvelopeOptions = {}): string {
  const original = kind === 'payment' ? 'transaction' : 'refund'
  const { nonce = Formatter.nonce(12), apiKey = API_KEY } = options
  const plain =
    options.text ?? JSON.stringify(options.content ?? (kind === 'payment' ? transaction : refundResource))
  return JSON.stringify({
    id: 'EV-2026013112000000001',
    create_time: '2026-01-31T12:00:00+08:00',
    resource_type: 'encrypt-resource',
    event_type: options.event ?? (kind === 'payment' ? 'TRANSACTION.SUCCESS' : 'REFUND.SUCCESS'),
    summary: '支付成功',
    resource: {
      original_type: original,
      algorithm: 'AEAD_AES_256_GCM',
      ciphertext: Aes.AesGcm.encrypt(plain, apiKey, nonce, original),
      associated_data: original,
      nonce,
    },
    ...options.extra,
  })
}

/** A call that carries `body`, vouched for by `signer` at `at` (ms). */
export function noticeCall(
  body: string,
  { signer = publicKeySigner, at = NOW }: { signer?: Signer; at?: number } = {},
): HttpCall {
  return {
    method: 'POST',
    path: `/weixin-v3/${MCH_ID}`,
    query: {},
    headers: { 'content-type': 'application/json', ...vouch(signer, body, at) },
    rawBody: Buffer.from(body),
  }
}
