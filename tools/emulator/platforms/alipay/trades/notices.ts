import { beijingDateTime, beijingDay, HOUR_MS, MINUTE_MS, nonce } from '../../../../../shared/clock.js'
import type { PlatformContext } from '../../contract.js'
import type { NoticeAnswer } from '../../deliveries/deliverer.js'
import type { Notice } from '../../deliveries/notice.js'
import type { Fault, FaultTarget } from '../../faults.js'
import { fenIn, yuan } from '../../payment.js'
import type { AlipayAccount, AlipayAgreement } from '../account.js'
import { encoded, type Fields, writeForm } from '../form.js'
import type { AlipayKeys } from '../keys/keys.js'
import { corrupted, signatureOf, signedText } from '../message.js'
import type { AlipayUsers } from '../users.js'
import { type Paid, refundedFee, statusOf, type Trade } from './trade.js'
import type { Occasion } from './trades.js'

/** When Alipay comes again: milliseconds between attempts, eight of them in 24 h 24 m. */
const NOTICE_WAITS: readonly number[] = [
  ...[4 * MINUTE_MS, 10 * MINUTE_MS, 10 * MINUTE_MS],
  ...[HOUR_MS, 2 * HOUR_MS, 6 * HOUR_MS, 15 * HOUR_MS],
]

const faults: readonly Fault[] = [
  ...(['forged', 'unsigned', 'downgraded', 'wrong-amount', 'wrong-merchant', 'other-app'] as const),
  ...(['truncated', 'timeout', 'lost', 'dropped', 'duplicate', 'late', 'reorder', 'never'] as const),
]

export const noticeTargets: readonly FaultTarget[] = [
  { name: 'alipay.notice', faults },
  { name: 'alipay.refundNotice', faults },
]

export interface NoticeContext extends Pick<PlatformContext, 'clock' | 'random'> {
  readonly account: AlipayAccount
  readonly agreement: AlipayAgreement
  readonly keys: AlipayKeys
  readonly users: AlipayUsers
}

/** What the merchant is told of an order as it stands now, the same at every attempt. */
export function tradeNotice(trade: Trade, { refund, notifyUrl }: Occasion, context: NoticeContext): Notice {
  const { clock, random } = context
  const { outTradeNo, notifyUrl: usual = '' } = trade.order
  const url = notifyUrl ?? usual
  const fields = {
    notify_id: `${beijingDay(clock.now())}00222${nonce(random, 22)}`,
    notify_type: 'trade_status_sync',
    ...tradeFields(trade, context),
    ...(refund?.isNamed ? { out_biz_no: refund.outRequestNo } : {}),
  }
  return {
    api: refund ? 'alipay.refundNotice' : 'alipay.notice',
    orderNo: outTradeNo,
    ...(refund ? { refundNo: refund.outRequestNo } : {}),
    url,
    // Whoever names no address is told nothing.
    waits: url === '' ? [] : NOTICE_WAITS,
    compose: (fault) => noticeMessage(fields, context, fault),
    understood,
  }
}

/** Exactly these seven letters, whatever the framework of the merchant likes to put around them. */
const understood = ({ status, body }: NoticeAnswer): boolean => status === 200 && body === 'success'

function noticeMessage(fields: Fields, context: NoticeContext, fault: Fault | undefined) {
  const { clock, keys, agreement } = context
  const { noticeCharset: charset } = agreement
  const type = fault === 'downgraded' ? 'RSA' : agreement.signType
  const whole = withFault({ notify_time: beijingDateTime(clock.now()), charset, ...fields }, fault)
  const sign = signatureOf(encoded(signedText(whole), charset), keys.signer().key, type)
  const signature = { sign_type: type, sign: fault === 'forged' ? corrupted(sign) : sign }
  const body = writeForm({ ...whole, ...(fault === 'unsigned' ? {} : signature) }, charset)
  const contentType = `application/x-www-form-urlencoded; charset=${charset.toUpperCase()}`
  return { headers: { 'content-type': contentType }, body: Buffer.from(body) }
}

/** Others than ours. */
const OTHER_APP = '2021009999999999'
const OTHER_SELLER = '2088999999999999'

function withFault(fields: Fields, fault: Fault | undefined): Fields {
  if (fault === 'other-app') return { ...fields, app_id: OTHER_APP, auth_app_id: OTHER_APP }
  if (fault === 'wrong-merchant') return { ...fields, seller_id: OTHER_SELLER }
  if (fault !== 'wrong-amount') return fields
  return { ...fields, total_amount: yuan(fenIn(fields.total_amount ?? '') + 1) }
}

/** Dates of refunds come with fractions of a second. */
const precise = (at: number): string => `${beijingDateTime(at)}.${String(at % 1000).padStart(3, '0')}`

function tradeFields(trade: Trade, { account, agreement, users, clock }: NoticeContext): Fields {
  const { order, paid, tradeNo, createdAt, closedAt, refunds } = trade
  const { passbackParams, body } = order
  const buyer = paid?.buyer ?? order.buyer
  const refunded = refundedFee(trade)
  const refundedAt = Math.max(...refunds.map(({ successAt = 0 }) => successAt))
  const end = refunded === order.totalFee ? refundedAt : closedAt
  return {
    version: '1.0',
    app_id: account.appId,
    auth_app_id: account.appId,
    trade_no: tradeNo,
    out_trade_no: order.outTradeNo,
    trade_status: statusOf(trade, clock.now(), agreement),
    ...(buyer ? { ...users.fieldOf(buyer, 'buyer_id', 'buyer_open_id'), buyer_logon_id: buyer.logonId } : {}),
    seller_id: account.sellerId,
    seller_email: 'shop@example.com',
    total_amount: yuan(order.totalFee),
    subject: order.subject,
    ...(body === undefined ? {} : { body }),
    ...(passbackParams === undefined ? {} : { passback_params: passbackParams }),
    gmt_create: beijingDateTime(createdAt),
    ...(paid ? paidFields(order.totalFee, paid) : {}),
    ...(refunded > 0
      ? { refund_fee: yuan(refunded), send_back_fee: yuan(refunded), gmt_refund: precise(refundedAt) }
      : {}),
    ...(end === undefined ? {} : { gmt_close: beijingDateTime(end) }),
  }
}

function paidFields(totalFee: number, { at, couponFee }: Paid): Fields {
  const own = yuan(totalFee - couponFee)
  const bills = [{ amount: own, fundChannel: 'ALIPAYACCOUNT' }]
  const coupons = couponFee > 0 ? [{ amount: yuan(couponFee), fundChannel: 'COUPON' }] : []
  return {
    receipt_amount: yuan(totalFee),
    invoice_amount: own,
    buyer_pay_amount: own,
    point_amount: yuan(0),
    fund_bill_list: JSON.stringify([...bills, ...coupons]),
    gmt_payment: beijingDateTime(at),
  }
}
