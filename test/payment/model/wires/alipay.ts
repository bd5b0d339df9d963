import { sign } from 'node:crypto'
import { fromBeijing } from '../../../../shared/clock.js'
import { localAccount } from '../../../../tools/emulator/platforms/alipay/account.js'
import { signedText } from '../../../../tools/emulator/platforms/alipay/message.js'
import { fenIn, yuan } from '../../../../tools/emulator/platforms/payment.js'
import {
  acceptRefund,
  type Books,
  closeTrade,
  findRefund,
  finishRefund,
  type Mail,
  makeTrade,
  type Problem,
  Refusal,
  refundedFee,
  stateOf,
  TRANSACTION_ID,
  type Trade,
  tradeOf,
} from '../books.js'
import { pemOf, smallKeys } from './weixinV3.js'
import type { Wire } from './wire.js'

const { appId, sellerId } = localAccount
const PAYER = '074a1Ccc00000000000000000000alice'
const TIME = '2050-01-01 08:00:00'

/** Alipay: forms, RSA2, in key mode. A refund is done when it is asked for. */
export function alipayWire(): Wire {
  const [platform, app] = [smallKeys(), smallKeys()]
  const signed = (text: string): string =>
    sign('sha256', Buffer.from(text), platform.privateKey).toString('base64')
  return {
    provider: 'alipay',
    merchantId: appId,
    payer: PAYER,
    clientType: 'mp-alipay',
    env: {
      ...{ PAYMENT_PROVIDER: 'alipay', ALIPAY_APP_ID: appId, ALIPAY_SELLER_ID: sellerId },
      ALIPAY_PRIVATE_KEY: pemOf(app.privateKey, 'pkcs8'),
      ALIPAY_PUBLIC_KEY: pemOf(platform.publicKey, 'spki'),
    },
    answer(books, { url, body }, now) {
      const method = new URL(url).searchParams.get('method') ?? ''
      const content = JSON.parse(new URLSearchParams(String(body)).get('biz_content') ?? '{}') as Content
      const value = JSON.stringify(answerTo(books, method, content, now))
      const text = `{"${method.replaceAll('.', '_')}_response":${value},"sign":"${signed(value)}"}`
      return { status: 200, headers: { 'content-type': 'text/html;charset=utf-8' }, body: Buffer.from(text) }
    },
    notice(books, mail) {
      const { trade } = books
      if (!trade) throw new Error('no notice without a trade')
      const fields: Record<string, string> = {
        ...noticeFields(trade, mail),
        sign_type: 'RSA2',
        charset: 'utf-8',
      }
      const sealed = { ...fields, sign: signed(signedText(fields, ['sign_type'])) }
      const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }
      return { headers, body: Buffer.from(new URLSearchParams(sealed).toString()) }
    },
    understands: ({ status, body }) => status === 200 && String(body) === 'success',
  }
}

type Content = Readonly<Partial<Record<string, string>>>

const subCodes: Readonly<Record<Exclude<Problem, 'no such refund'>, string>> = {
  'no such order': 'ACQ.TRADE_NOT_EXIST',
  paid: 'ACQ.TRADE_STATUS_ERROR',
  closed: 'ACQ.TRADE_HAS_CLOSE',
  'not paid': 'ACQ.TRADE_STATUS_ERROR',
  'other amount': 'ACQ.DISCORDANT_REPEAT_REQUEST',
  'too much': 'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL',
}

const SUCCESS = { code: '10000', msg: 'Success' }

function answerTo(books: Books, method: string, content: Content, now: number): object {
  try {
    return { ...SUCCESS, ...dispatch(books, method, content, now) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // A refund that it does not know is no error there.
    if (error.problem === 'no such refund') return SUCCESS
    const sub = { sub_code: subCodes[error.problem], sub_msg: error.problem }
    return { code: '40004', msg: 'Business Failed', ...sub }
  }
}

function dispatch(books: Books, method: string, content: Content, now: number): object {
  const { out_trade_no: outTradeNo = '', total_amount: total = '0', time_expire: expire } = content
  if (method === 'alipay.trade.create') {
    const trade = { outTradeNo, totalFee: fenIn(total) }
    return numbersOf(makeTrade(books, expire ? { ...trade, expiresAt: fromBeijing(expire) } : trade, now))
  }
  if (method === 'alipay.trade.close') return numbersOf(closeTrade(books, outTradeNo, now))
  const trade = tradeOf(books, outTradeNo)
  if (method === 'alipay.trade.query') return tradeFields(trade, now)
  const { out_request_no: outRefundNo = '', refund_amount: amount = '0' } = content
  if (method === 'alipay.trade.refund') {
    const { refund, isNew } = acceptRefund(trade, { outRefundNo, refundFee: fenIn(amount) })
    if (isNew) books.outbox = [...(books.outbox ?? []), finishRefund(trade, refund, 'SUCCESS')]
    const moved = { fund_change: isNew ? 'Y' : 'N', refund_fee: yuan(refundedFee(trade)) }
    return { ...numbersOf(trade), ...moved, ...(isNew ? { gmt_refund_pay: TIME } : {}) }
  }
  const { refundFee } = findRefund(trade, outRefundNo)
  return {
    ...numbersOf(trade),
    ...{ out_request_no: outRefundNo, total_amount: yuan(trade.totalFee), refund_amount: yuan(refundFee) },
    ...{ refund_status: 'REFUND_SUCCESS', gmt_refund_pay: TIME },
  }
}

const numbersOf = ({ outTradeNo }: Trade) => ({ out_trade_no: outTradeNo, trade_no: TRANSACTION_ID })

function tradeFields(trade: Trade, now: number): Record<string, string> {
  const state = stateOf(trade, now)
  const order = { ...numbersOf(trade), total_amount: yuan(trade.totalFee) }
  if (state === 'NOTPAY') return { ...order, trade_status: 'WAIT_BUYER_PAY' }
  if (state === 'CLOSED') return { ...order, trade_status: 'TRADE_CLOSED' }
  const isGone = refundedFee(trade) === trade.totalFee
  return {
    ...{ ...order, trade_status: isGone ? 'TRADE_CLOSED' : 'TRADE_SUCCESS', send_pay_date: TIME },
    buyer_open_id: PAYER,
  }
}

/** As things stood when it was written. */
function noticeFields(trade: Trade, mail: Mail): Record<string, string> {
  const isGone = mail.about === 'refund' && mail.refundedFee === trade.totalFee
  const refund: Record<string, string> =
    mail.about === 'refund'
      ? { refund_fee: yuan(mail.refundedFee), gmt_refund: `${TIME}.000`, out_biz_no: mail.outRefundNo }
      : {}
  return {
    ...{ notify_id: '1', notify_type: 'trade_status_sync', notify_time: TIME, version: '1.0' },
    ...{ app_id: appId, auth_app_id: appId, seller_id: sellerId, ...numbersOf(trade) },
    ...{ total_amount: yuan(trade.totalFee), trade_status: isGone ? 'TRADE_CLOSED' : 'TRADE_SUCCESS' },
    ...{ buyer_open_id: PAYER, gmt_payment: TIME, ...refund },
  }
}
