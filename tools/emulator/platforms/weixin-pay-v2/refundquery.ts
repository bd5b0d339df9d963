import { beijingDateTime } from '../../../../shared/clock.js'
import { couponFee, type Order, type Refund, refundedCouponFee } from '../weixin-pay/index.js'
import { BusinessFailure, type Entry, type PayWorld } from './entry.js'
import { refundStates } from './refundNotice.js'
import { matching } from './rules.js'
import type { Message } from './signature.js'

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
  answer(request, world) {
    const all = refundsOf(request, world)
    const [first] = all
    if (!first) throw new BusinessFailure('REFUNDNOTEXIST', 'not exist')
    const page = all.slice(Number(request.offset ?? 0)).slice(0, PAGE)
    return {
      ...orderFields(first.wish.order),
      ...(request.offset ? { total_refund_count: String(all.length) } : {}),
      refund_count: String(page.length),
      ...Object.assign({}, ...page.map(numbered)),
    }
  },
}

function refundsOf(request: Message, { ledger: { refunds, orders } }: PayWorld): readonly Refund[] {
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
  const { wish, refundId, state, successAt, coupons } = refund
  const each = coupons.flatMap(({ id, fee }, m) => [
    [`coupon_type_${n}_${m}`, 'CASH'],
    [`coupon_refund_id_${n}_${m}`, id],
    [`coupon_refund_fee_${n}_${m}`, String(fee)],
  ])
  return {
    [`out_refund_no_${n}`]: wish.outRefundNo,
    [`refund_id_${n}`]: refundId,
    [`refund_channel_${n}`]: 'ORIGINAL',
    [`refund_fee_${n}`]: String(wish.refundFee),
    [`coupon_refund_fee_${n}`]: String(refundedCouponFee(refund)),
    [`coupon_refund_count_${n}`]: String(coupons.length),
    ...Object.fromEntries(each),
    [`refund_status_${n}`]: refundStates[state],
    [`refund_account_${n}`]: wish.account ?? 'REFUND_SOURCE_UNSETTLED_FUNDS',
    [`refund_recv_accout_${n}`]: '支付用户零钱',
    ...(successAt === undefined ? {} : { [`refund_success_time_${n}`]: beijingDateTime(successAt) }),
  }
}
