import { beijingDateTime } from '../../../../shared/clock.js'
import {
  couponFee,
  type Order,
  type PayContext,
  type Refund,
  type RefundProblem,
  RefundRefused,
  refundedCouponFee,
} from '../weixin-pay/index.js'
import { atMost, BusinessFailure, type Entry, isFee, isNotifyUrl, matching, oneOf } from './entry.js'
import { refundNotice, refundStates } from './notices.js'
import type { Message } from './xml.js'

const problems: Readonly<Record<RefundProblem, readonly [string, string]>> = {
  'other amounts': ['REFUND_FEE_MISMATCH', '订单金额或退款金额与之前请求不一致，请核实后再试'],
  'not paid': ['TRADE_STATE_ERROR', '订单状态错误'],
  'too late': ['TRADE_OVERDUE', '订单已经超过可退款的最大期限(支付后一年内可退款)'],
  'other total': ['INVALID_REQUEST', '订单金额或退款金额与之前请求不一致，请核实后再试'],
  'nothing left': ['ERROR', '订单已全额退款'],
  'too much': ['ERROR', '累计退款金额大于支付金额'],
  'too many': ['ERROR', '部分退款次数超过50次'],
  'too soon': ['FREQUENCY_LIMITED', '频率限制，同一笔订单多次退款的请求需相隔1分钟'],
}

/** `POST /secapi/pay/refund`. */
export const refund: Entry = {
  name: 'weixin-pay-v2.refund',
  path: '/secapi/pay/refund',
  certificate: true,
  faults: ['no-funds', 'contended'],
  rules: {
    out_trade_no: { required: ({ transaction_id: id }) => !id },
    out_refund_no: { required: true, accepts: matching(/^[0-9A-Za-z_\-|*@]{1,64}$/) },
    total_fee: { required: true, accepts: isFee },
    refund_fee: { required: true, accepts: isFee },
    refund_fee_type: { accepts: oneOf('CNY') },
    refund_desc: { accepts: atMost(80) },
    refund_account: { accepts: oneOf('REFUND_SOURCE_UNSETTLED_FUNDS', 'REFUND_SOURCE_RECHARGE_FUNDS') },
    notify_url: { accepts: isNotifyUrl },
  },
  answer(request, context) {
    try {
      return refundFields(accept(request, orderOf(request, context), context))
    } catch (error) {
      if (error instanceof RefundRefused) throw new BusinessFailure(...problems[error.problem])
      throw error
    }
  },
}

function orderOf({ transaction_id: id, out_trade_no: number = '' }: Message, { ledger }: PayContext): Order {
  const order = id ? ledger.orders.byTransactionId(id) : ledger.orders.byOutTradeNo(number)
  if (order) return order
  if (id) throw new BusinessFailure('INVALID_TRANSACTIONID', '无效transaction_id')
  throw new BusinessFailure('ORDERNOTEXIST', '订单号不存在')
}

function accept(request: Message, order: Order, context: PayContext): Refund {
  const { notify_url: url, refund_account: account, refund_desc: reason } = request
  return context.ledger.refunds.request({
    via: 'v2',
    order,
    outRefundNo: request.out_refund_no ?? '',
    totalFee: Number(request.total_fee),
    refundFee: Number(request.refund_fee),
    ...(account ? { account } : {}),
    ...(reason ? { reason } : {}),
    ...(url ? { notice: (refund) => refundNotice(refund, url, context) } : {}),
  })
}

function refundFields(refund: Refund): Record<string, string> {
  const { order, outRefundNo, refundFee } = refund.request
  const { terms, paid } = order
  const back = refundedCouponFee(refund)
  const each = refund.coupons.flatMap(({ id, fee }, n) => [
    [`coupon_type_${n}`, 'CASH'],
    [`coupon_refund_id_${n}`, id],
    [`coupon_refund_fee_${n}`, String(fee)],
  ])
  return {
    transaction_id: paid?.transactionId ?? '',
    out_trade_no: terms.outTradeNo,
    out_refund_no: outRefundNo,
    refund_id: refund.refundId,
    refund_channel: '',
    refund_fee: String(refundFee),
    coupon_refund_fee: String(back),
    total_fee: String(terms.totalFee),
    cash_fee: String(terms.totalFee - (paid ? couponFee(paid) : 0)),
    coupon_refund_count: String(refund.coupons.length),
    cash_refund_fee: String(refundFee - back),
    ...Object.fromEntries(each),
  }
}

const PAGE = 10

const ids = ['refund_id', 'out_refund_no', 'transaction_id', 'out_trade_no']

/** `POST /pay/refundquery`; the most precise of the ids that are given counts. */
export const refundquery: Entry = {
  name: 'weixin-pay-v2.refundquery',
  path: '/pay/refundquery',
  rules: {
    out_trade_no: { required: (message) => !ids.some((name) => message[name]) },
    offset: { accepts: matching(/^\d{1,4}$/) },
  },
  answer(request, context) {
    const all = refundsOf(request, context)
    const [first] = all
    if (!first) throw new BusinessFailure('REFUNDNOTEXIST', 'not exist')
    const page = all.slice(Number(request.offset ?? 0)).slice(0, PAGE)
    return {
      ...orderFields(first.request.order),
      ...(request.offset ? { total_refund_count: String(all.length) } : {}),
      refund_count: String(page.length),
      ...Object.assign({}, ...page.map(numbered)),
    }
  },
}

function refundsOf(request: Message, { ledger: { refunds, orders } }: PayContext): readonly Refund[] {
  const { refund_id: refundId, out_refund_no: outRefundNo, transaction_id: transactionId } = request
  const one = (refund: Refund | undefined) => (refund ? [refund] : [])
  if (refundId) return one(refunds.byRefundId(refundId))
  if (outRefundNo) return one(refunds.byOutRefundNo(outRefundNo))
  if (transactionId) return orders.byTransactionId(transactionId)?.refunds ?? []
  return orders.byOutTradeNo(request.out_trade_no ?? '')?.refunds ?? []
}

const orderFields = ({ terms, paid }: Order): Record<string, string> => ({
  transaction_id: paid?.transactionId ?? '',
  out_trade_no: terms.outTradeNo,
  total_fee: String(terms.totalFee),
  fee_type: 'CNY',
  cash_fee: String(terms.totalFee - (paid ? couponFee(paid) : 0)),
})

/** The fields of the `n`th refund of an answer. */
function numbered(refund: Refund, n: number): Record<string, string> {
  const { request, refundId, state, successAt, coupons } = refund
  const each = coupons.flatMap(({ id, fee }, m) => [
    [`coupon_type_${n}_${m}`, 'CASH'],
    [`coupon_refund_id_${n}_${m}`, id],
    [`coupon_refund_fee_${n}_${m}`, String(fee)],
  ])
  return {
    [`out_refund_no_${n}`]: request.outRefundNo,
    [`refund_id_${n}`]: refundId,
    [`refund_channel_${n}`]: 'ORIGINAL',
    [`refund_fee_${n}`]: String(request.refundFee),
    [`coupon_refund_fee_${n}`]: String(refundedCouponFee(refund)),
    [`coupon_refund_count_${n}`]: String(coupons.length),
    ...Object.fromEntries(each),
    [`refund_status_${n}`]: refundStates[state],
    [`refund_account_${n}`]: request.account ?? 'REFUND_SOURCE_UNSETTLED_FUNDS',
    [`refund_recv_accout_${n}`]: '支付用户零钱',
    ...(successAt === undefined ? {} : { [`refund_success_time_${n}`]: beijingDateTime(successAt) }),
  }
}
