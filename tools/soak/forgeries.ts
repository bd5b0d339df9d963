import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { fen, fenToYuan } from '../../shared/money.js'
import { type LocalPlatforms, type ProviderName, providerNames } from '../emulator/platforms/index.js'
import type { Dice } from './dice.js'

/** What somebody sends who knows everything of an order but the keys. */
export interface Forgery {
  provider: ProviderName
  path: string
  headers: Record<string, string>
  body: Buffer
}

/** An order that is not paid, as its forger sees it; `at` in milliseconds. */
export interface Target {
  outTradeNo: string
  totalFee: number
  at: number
}

let forger: KeyObject | undefined

/** A key that no platform has; made once, since that takes a tenth of a second. */
const forgersKey = (): KeyObject => {
  forger ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  return forger
}

/** A notice that says that the order was paid, in the provider's own form and under a signature that is not its own. */
export function forgedNotice(
  platforms: LocalPlatforms,
  provider: ProviderName,
  target: Target,
  dice: Dice,
): Forgery {
  if (provider === 'weixin-v3') return forgedV3(platforms, target, dice)
  return provider === 'weixin-v2' ? forgedV2(platforms, target, dice) : forgedAlipay(platforms, target, dice)
}

function forgedV3({ merchant, platformKeys }: LocalPlatforms, { at }: Target, dice: Dice): Forgery {
  const ciphertext = dice.bytes(300).toString('base64')
  const body = JSON.stringify({
    ...{ id: `EV-${dice.upTo(1e9)}`, event_type: 'TRANSACTION.SUCCESS', resource_type: 'encrypt-resource' },
    resource: {
      ...{ original_type: 'transaction', algorithm: 'AEAD_AES_256_GCM', ciphertext },
      ...{ associated_data: 'transaction', nonce: 'aaaaaaaaaaaa' },
    },
  })
  const [seconds, text] = [Math.floor(at / 1000), dice.bytes(16).toString('hex')]
  const text3 = Buffer.from(`${seconds}\n${text}\n${body}\n`)
  return {
    provider: 'weixin-v3',
    path: `verifyPaymentNotify/weixin-v3/${merchant.mchId}`,
    headers: {
      'content-type': 'application/json',
      'wechatpay-timestamp': String(seconds),
      'wechatpay-nonce': text,
      'wechatpay-serial': dice.oneOf(Object.keys(platformKeys())),
      'wechatpay-signature': sign('sha256', text3, forgersKey()).toString('base64'),
    },
    body: Buffer.from(body),
  }
}

function forgedV2(platforms: LocalPlatforms, { outTradeNo, totalFee }: Target, dice: Dice): Forgery {
  const { app, merchant } = platforms
  const fields: Record<string, string> = {
    ...{ appid: app.appId, mch_id: merchant.mchId, nonce_str: dice.bytes(16).toString('hex') },
    ...{ return_code: 'SUCCESS', result_code: 'SUCCESS', out_trade_no: outTradeNo, openid: 'oForged' },
    ...{ total_fee: String(totalFee), cash_fee: String(totalFee), fee_type: 'CNY', bank_type: 'OTHERS' },
    ...{ trade_type: 'JSAPI', time_end: '20260101000000', transaction_id: `42${dice.upTo(1e9)}` },
  }
  const text = Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
  const signed = `${text.join('&')}&key=${dice.bytes(16).toString('hex')}`
  const signature = createHash('md5').update(signed).digest('hex').toUpperCase()
  const xml = Object.entries({ ...fields, sign: signature }).map(
    ([name, value]) => `<${name}>${value}</${name}>`,
  )
  return {
    provider: 'weixin-v2',
    path: `verifyPaymentNotify/weixin-v2/${merchant.mchId}`,
    headers: { 'content-type': 'text/xml' },
    body: Buffer.from(`<xml>${xml.join('')}</xml>`),
  }
}

function forgedAlipay({ alipay }: LocalPlatforms, { outTradeNo, totalFee }: Target, dice: Dice): Forgery {
  const { appId, sellerId } = alipay.account
  const fields = {
    ...{ app_id: appId, auth_app_id: appId, seller_id: sellerId, charset: 'utf-8', version: '1.0' },
    ...{ notify_id: dice.bytes(16).toString('hex'), notify_type: 'trade_status_sync' },
    ...{ out_trade_no: outTradeNo, trade_no: `2026${dice.upTo(1e9)}`, trade_status: 'TRADE_SUCCESS' },
    ...{ total_amount: fenToYuan(fen(totalFee)), gmt_payment: '2026-01-01 00:00:00' },
  }
  const text = Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&')
  const signature = sign('sha256', Buffer.from(text), forgersKey()).toString('base64')
  return {
    provider: 'alipay',
    path: `verifyPaymentNotify/alipay/${appId}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    body: Buffer.from(String(new URLSearchParams({ ...fields, sign_type: 'RSA2', sign: signature }))),
  }
}

/** Whether an answer is what the provider takes for success. */
export function isThanks(provider: ProviderName, status: number, body: string): boolean {
  if (provider === 'weixin-v3') return status === 200 || status === 204
  return status === 200 && (provider === 'alipay' ? body === 'success' : />SUCCESS|\[SUCCESS\]/.test(body))
}

export const anyProvider = (dice: Dice): ProviderName => dice.oneOf(providerNames)
