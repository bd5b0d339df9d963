import { createHash, createHmac } from 'node:crypto'
import { ALICE, APP_ID, KEY, MCH_ID } from '../house.js'

/**
 * V2 messages as the provider writes them. Signed and written here by other means than the code under test, so that
 * a mistake made there is not made here again.
 */
export type Message = Record<string, string | undefined>

/** The notice of a payment of 1999 fen for order `T20500101`; `changes` replace or, when undefined, remove fields. */
export const paid = (changes: Message = {}): Message => ({
  return_code: 'SUCCESS',
  result_code: 'SUCCESS',
  appid: APP_ID,
  mch_id: MCH_ID,
  nonce_str: '5d2b6c2a8db53831f7eda20af46e531c',
  openid: ALICE,
  is_subscribe: 'N',
  trade_type: 'JSAPI',
  bank_type: 'OTHERS',
  total_fee: '1999',
  fee_type: 'CNY',
  cash_fee: '1999',
  transaction_id: '4200001234205001011234567890',
  out_trade_no: 'T20500101',
  attach: '',
  time_end: '20500101080000',
  ...changes,
})

export function sign(message: Message, type: 'MD5' | 'HMAC-SHA256' = 'MD5', key = KEY): string {
  const names = Object.keys(message).filter((name) => name !== 'sign' && message[name])
  const text = `${names
    .sort()
    .map((name) => `${name}=${message[name]}`)
    .join('&')}&key=${key}`
  const hash = type === 'MD5' ? createHash('md5') : createHmac('sha256', key)
  return hash.update(text, 'utf8').digest('hex').toUpperCase()
}

export const signed = (message: Message, type?: 'MD5' | 'HMAC-SHA256', key?: string): Message => ({
  ...message,
  sign: sign(message, type, key),
})

/** Numbers bare, all else in CDATA, as WeChat writes. */
export function xml(message: Message): string {
  const fields = Object.entries(message).map(([name, value]) =>
    value === undefined
      ? ''
      : /^\d+$/.test(value)
        ? `<${name}>${value}</${name}>\n`
        : `<${name}><![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]></${name}>\n`,
  )
  return `<xml>${fields.join('')}</xml>`
}

export const signedXml = (message: Message, type?: 'MD5' | 'HMAC-SHA256'): string =>
  xml(signed(message, type))
