import { app, NOW, ours, theirs } from '../parties.js'
import { isRsaSigned, joined, type Payment, rsaSigned, type Texts } from './signing.js'

interface Request {
  method: string
  bizContent: object
  notifyUrl: string
}

export function orderString({ method, bizContent, notifyUrl }: Request): string {
  const fields: Texts = {
    app_id: app.appId,
    biz_content: JSON.stringify(bizContent),
    charset: 'utf-8',
    format: 'JSON',
    method,
    notify_url: notifyUrl,
    sign_type: 'RSA2',
    timestamp: new Date(NOW + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' '),
    version: '1.0',
  }
  const signed = { ...fields, sign: rsaSigned(joined(fields), ours.privateKey) }
  return Object.entries(signed)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
}

/** What the signature of a notice covers. */
export const signedText = (fields: Texts): string => joined(fields, ['sign', 'sign_type'])

export function payment(body: Buffer): Payment | undefined {
  const fields: Texts = Object.fromEntries(new URLSearchParams(body.toString()))
  const { app_id, sign, out_trade_no = '', trade_no = '', total_amount = '' } = fields
  if (!isRsaSigned(Buffer.from(signedText(fields)), theirs.publicKey, sign) || app_id !== app.appId) return
  const totalFee = Number(total_amount.replace('.', ''))
  return { outTradeNo: out_trade_no, transactionId: trade_no, totalFee }
}

/** Alipay signs the text of the value as it stands; it ends where `sign` begins. */
export function answer<Json>(body: Buffer, member: string): Json | undefined {
  const text = body.toString()
  const signed = text.slice(text.indexOf(':') + 1, text.lastIndexOf(',"sign":"'))
  const { sign, [member]: value } = JSON.parse(text)
  return isRsaSigned(Buffer.from(signed), theirs.publicKey, sign) ? value : undefined
}
