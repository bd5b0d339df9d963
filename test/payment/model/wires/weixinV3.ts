import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { HttpAnswer } from '../../../../shared/http/http.js'
import { localApp, localMerchant } from '../../../../tools/emulator/platforms/account.js'
import { oneLine } from '../../../../tools/emulator/platforms/certificates/index.js'
import { encryptResource } from '../../../../tools/emulator/platforms/weixin-pay-v3/message.js'
import {
  acceptRefund,
  type Books,
  closeTrade,
  findRefund,
  makeTrade,
  type PlatformRefund,
  type Problem,
  Refusal,
  refundIdOf,
  stateOf,
  TRANSACTION_ID,
  type Trade,
  tradeOf,
} from '../books.js'
import type { Wire } from './wire.js'

const { mchId, v3Key } = localMerchant
const { appId } = localApp
const PAYER = 'oAlice-0123456789abcdefghijk'
const PUBLIC_KEY_ID = 'PUB_KEY_ID_0119000001092025010100000000'

/** Small keys: thousands of messages are signed with them, and nothing of a signature's strength is tried here. */
export const smallKeys = () => generateKeyPairSync('rsa', { modulusLength: 1024 })

export const pemOf = (key: KeyObject, type: 'pkcs8' | 'spki'): string =>
  oneLine(String(key.export({ type: type as 'pkcs8', format: 'pem' })))

/** WeChat Pay V3: JSON, signed with RSA, in public-key mode. */
export function weixinV3Wire(): Wire {
  const [platform, merchant] = [smallKeys(), smallKeys()]
  const vouched = (text: string, now: number): HttpAnswer['headers'] => {
    const seconds = String(Math.floor(now / 1000))
    const signature = sign('sha256', Buffer.from(`${seconds}\nn\n${text}\n`), platform.privateKey)
    return {
      ...{ 'content-type': 'application/json', 'wechatpay-timestamp': seconds, 'wechatpay-nonce': 'n' },
      ...{ 'wechatpay-serial': PUBLIC_KEY_ID, 'wechatpay-signature': signature.toString('base64') },
    }
  }
  return {
    provider: 'weixin-v3',
    merchantId: mchId,
    payer: PAYER,
    clientType: 'mp-weixin',
    env: {
      ...{
        PAYMENT_PROVIDER: 'weixin-v3',
        WEIXIN_APP_ID: appId,
        WEIXIN_MCH_ID: mchId,
        WEIXIN_PAY_V3_KEY: v3Key,
      },
      WEIXIN_PAY_SERIAL_NO: '3775B6A45ACD588826D15E583A95F5DD00000001',
      WEIXIN_PAY_PRIVATE_KEY: pemOf(merchant.privateKey, 'pkcs8'),
      WEIXIN_PAY_PUBLIC_KEY_ID: PUBLIC_KEY_ID,
      WEIXIN_PAY_PUBLIC_KEY: pemOf(platform.publicKey, 'spki'),
    },
    answer(books, { url, body }, now) {
      const asked = body === undefined ? {} : (JSON.parse(String(body)) as Asked)
      const { status, fields } = answerTo(books, new URL(url).pathname, asked, now)
      const text = fields === undefined ? '' : JSON.stringify(fields)
      return { status, headers: vouched(text, now), body: Buffer.from(text) }
    },
    notice(books, mail, now) {
      const { trade } = books
      if (!trade) throw new Error('no notice without a trade')
      const isPayment = mail.about === 'payment'
      const refund = isPayment ? undefined : findRefund(trade, mail.outRefundNo)
      const original = isPayment ? 'transaction' : 'refund'
      const resource = refund ? refundNotice(trade, refund) : tradeFields({ ...trade, refunds: [] }, now)
      const random = { bytes: (length: number) => Buffer.alloc(length, 7) }
      const text = JSON.stringify({
        ...{ id: 'EV-1', create_time: '2050-01-01T08:00:00+08:00', resource_type: 'encrypt-resource' },
        event_type: refund ? `REFUND.${refund.state}` : 'TRANSACTION.SUCCESS',
        resource: {
          original_type: original,
          ...encryptResource(JSON.stringify(resource), original, v3Key, random),
        },
      })
      return { headers: vouched(text, now), body: Buffer.from(text) }
    },
    understands: ({ status }) => status === 200 || status === 204,
  }
}

interface Asked {
  out_trade_no?: string
  out_refund_no?: string
  time_expire?: string
  amount?: { total: number; refund?: number }
}

const problems: Readonly<Record<Problem, readonly [status: number, code: string]>> = {
  'no such order': [404, 'ORDER_NOT_EXIST'],
  paid: [400, 'ORDERPAID'],
  closed: [400, 'ORDER_CLOSED'],
  'not paid': [400, 'INVALID_REQUEST'],
  'no such refund': [404, 'RESOURCE_NOT_EXISTS'],
  'other amount': [400, 'INVALID_REQUEST'],
  'too much': [400, 'INVALID_REQUEST'],
}

function answerTo(
  books: Books,
  path: string,
  asked: Asked,
  now: number,
): { status: number; fields: object | undefined } {
  try {
    const fields = dispatch(books, path, asked, now)
    return { status: fields === undefined ? 204 : 200, fields }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const [status, code] = problems[error.problem]
    return { status, fields: { code, message: error.problem } }
  }
}

function dispatch(books: Books, path: string, asked: Asked, now: number): object | undefined {
  const { out_trade_no: outTradeNo = '', out_refund_no: outRefundNo = '', amount } = asked
  if (path === '/v3/pay/transactions/jsapi') {
    const expire = asked.time_expire
    const trade = { outTradeNo, totalFee: amount?.total ?? 0 }
    makeTrade(books, expire ? { ...trade, expiresAt: Date.parse(expire) } : trade, now)
    return { prepay_id: 'wx20500101080000' }
  }
  const [, number = '', close] = /\/out-trade-no\/([^/]+)(\/close)?$/.exec(path) ?? []
  if (close) {
    closeTrade(books, number, now)
    return undefined
  }
  if (number) return tradeFields(tradeOf(books, number), now)
  if (path === '/v3/refund/domestic/refunds') {
    const trade = tradeOf(books, outTradeNo)
    return refundFields(trade, acceptRefund(trade, { outRefundNo, refundFee: amount?.refund ?? 0 }).refund)
  }
  const refund = findRefund(books.trade, path.split('/').at(-1) ?? '')
  if (!books.trade) throw new Refusal('no such refund')
  return refundFields(books.trade, refund)
}

function tradeFields(trade: Trade, now: number): object {
  const state = stateOf(trade, now)
  const order = { appid: appId, mchid: mchId, out_trade_no: trade.outTradeNo }
  if (state !== 'SUCCESS')
    return { ...order, trade_state: state, amount: { total: trade.totalFee, currency: 'CNY' } }
  return {
    ...order,
    ...{ trade_state: trade.refunds.length > 0 ? 'REFUND' : 'SUCCESS', transaction_id: TRANSACTION_ID },
    ...{ trade_type: 'JSAPI', success_time: '2050-01-01T08:00:00+08:00', payer: { openid: PAYER } },
    amount: { total: trade.totalFee, payer_total: trade.totalFee, currency: 'CNY' },
  }
}

const refundFields = (trade: Trade, refund: PlatformRefund): object => ({
  ...{ out_trade_no: trade.outTradeNo, transaction_id: TRANSACTION_ID, status: refund.state },
  ...{ out_refund_no: refund.outRefundNo, refund_id: refundIdOf(refund.outRefundNo) },
  amount: { total: trade.totalFee, refund: refund.refundFee, payer_refund: refund.refundFee },
})

const refundNotice = (trade: Trade, refund: PlatformRefund): object => {
  const { status, ...fields } = refundFields(trade, refund) as { status: string }
  return { mchid: mchId, ...fields, refund_status: status }
}
