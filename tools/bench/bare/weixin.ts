import { createDecipheriv, createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { merchant, NOW, ours, SERIAL, theirs, WEIXIN_APP } from '../parties.js'
import { isRsaSigned, joined, type Payment, rsaSigned, type Texts } from './signing.js'

export type SignType = 'MD5' | 'HMAC-SHA256'

export function v2Signature(fields: Texts, type: SignType): string {
  const text = `${joined(fields, ['sign'])}&key=${merchant.key}`
  const hash = type === 'MD5' ? createHash('md5') : createHmac('sha256', merchant.key)
  return hash.update(text).digest('hex').toUpperCase()
}

export function isV2Signed(fields: Texts, type: SignType): boolean {
  const given = Buffer.from(fields.sign ?? '')
  const right = Buffer.from(v2Signature(fields, type))
  return given.length === right.length && timingSafeEqual(given, right)
}

interface Request {
  method: string
  target: string
  body: string
}

interface TimestampAndNonce {
  timestamp: string
  nonceStr: string
}

export function v3Authorization(
  { method, target, body }: Request,
  { timestamp, nonceStr }: TimestampAndNonce,
): string {
  const text = `${method}\n${target}\n${timestamp}\n${nonceStr}\n${body}\n`
  const signature = rsaSigned(text, ours.privateKey)
  const who = `mchid="${merchant.mchId}",nonce_str="${nonceStr}",signature="${signature}"`
  return `WECHATPAY2-SHA256-RSA2048 ${who},timestamp="${timestamp}",serial_no="${merchant.v3.serialNo}"`
}

export interface V3Message {
  headers: Texts
  body: Buffer
}

export function v3Answer<Json>({ headers, body }: V3Message): Json | undefined {
  const { 'wechatpay-timestamp': seconds, 'wechatpay-nonce': nonce } = headers
  if (headers['wechatpay-serial'] !== SERIAL || Math.abs(NOW - Number(seconds) * 1000) >= 300_000) return
  const signed = Buffer.concat([Buffer.from(`${seconds}\n${nonce}\n`), body, Buffer.from('\n')])
  const isGenuine = isRsaSigned(signed, theirs.publicKey, headers['wechatpay-signature'])
  return isGenuine ? JSON.parse(body.toString()) : undefined
}

interface Notice {
  resource: { ciphertext: string; nonce: string; associated_data: string }
}

interface Transaction {
  appid: string
  mchid: string
  out_trade_no: string
  transaction_id: string
  amount: { total: number }
}

const TAG_BYTES = 16

export function v3Payment(message: V3Message): Payment | undefined {
  const notice = v3Answer<Notice>(message)
  if (!notice) return
  const { ciphertext, nonce, associated_data } = notice.resource
  const sealed = Buffer.from(ciphertext, 'base64')
  const decipher = createDecipheriv('aes-256-gcm', merchant.v3.key, nonce, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(associated_data)).setAuthTag(sealed.subarray(-TAG_BYTES))
  const text = Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()])
  const { appid, mchid, ...paid }: Transaction = JSON.parse(text.toString())
  if (mchid !== merchant.mchId || appid !== WEIXIN_APP) return
  return {
    outTradeNo: paid.out_trade_no,
    transactionId: paid.transaction_id,
    totalFee: paid.amount.total,
  }
}
