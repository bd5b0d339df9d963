import { beijingRfc3339 } from '../../../../shared/clock.js'
import {
  type Order,
  type Refund,
  type RefundProblem,
  RefundRefused,
  refundedCouponFee,
} from '../weixin-pay/index.js'
import type { Call, Entry, V3Context } from './entry.js'
import { refundAmount, refundNotice } from './notices.js'
import { anyText, atMost, isFee, isNotifyUrl, matching, numberAt, oneOf, textAt, V3Failure } from './rules.js'

const problems: Readonly<Record<RefundProblem, readonly [number, string, string]>> = {
  'other amounts': [400, 'INVALID_REQUEST', '订单金额或退款金额与之前请求不一致，请核实后再试'],
  'not paid': [400, 'INVALID_REQUEST', '订单状态错误，未支付的订单不能退款'],
  'too late': [400, 'INVALID_REQUEST', '订单已超过可退款的最大期限(支付后一年内可退款)'],
  'other total': [400, 'INVALID_REQUEST', '订单金额或退款金额与之前请求不一致，请核实后再试'],
  'nothing left': [400, 'INVALID_REQUEST', '订单已全额退款'],
  'too much': [400, 'INVALID_REQUEST', '累计退款金额大于支付金额'],
  'too many': [400, 'INVALID_REQUEST', '部分退款次数超过50次'],
  'too soon': [429, 'FREQUENCY_LIMITED', '频率限制，同一笔订单多次退款的请求需相隔1分钟'],
}

const PATH = '/v3/refund/domestic/refunds'

/** `POST /v3/refund/domestic/refunds` */
const create: Entry = {
  name: 'weixin-pay-v3.refund',
  method: 'POST',
  path: PATH,
  faults: ['no-funds', 'contended'],
  body: {
    transaction_id: { accepts: anyText },
    out_trade_no: { required: (body) => body.transaction_id === undefined, accepts: anyText },
    out_refund_no: { required: true, accepts: matching(/^[0-9A-Za-z_\-|*@]{1,64}$/) },
    reason: { accepts: atMost(80) },
    notify_url: { accepts: isNotifyUrl },
    funds_account: { accepts: oneOf('AVAILABLE', 'UNSETTLED') },
    'amount.refund': { required: true, accepts: isFee },
    'amount.total': { required: true, accepts: isFee },
    'amount.currency': { required: true, accepts: oneOf('CNY') },
  },
  answer({ body }, context) {
    try {
      return refundObject(accepted(body, orderOf(body, context), context))
    } catch (error) {
      if (error instanceof RefundRefused) throw new V3Failure(...problems[error.problem])
      throw error
    }
  },
}

/** `GET /v3/refund/domestic/refunds/{out_refund_no}` */
const query: Entry = {
  name: 'weixin-pay-v3.refundQuery',
  method: 'GET',
  path: `${PATH}/{out_refund_no}`,
  answer({ params: { out_refund_no: number = '' } }, { ledger }) {
    const refund = ledger.refunds.byOutRefundNo(number)
    if (refund) return refundObject(refund)
    throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '退款单不存在')
  },
}

export const refunds: readonly Entry[] = [create, query]

function orderOf(body: Call['body'], { ledger: { orders } }: V3Context): Order {
  const id = textAt(body, 'transaction_id')
  const order =
    id === undefined ? orders.byOutTradeNo(textAt(body, 'out_trade_no') ?? '') : orders.byTransactionId(id)
  if (order) return order
  throw new V3Failure(404, 'RESOURCE_NOT_EXISTS', '订单不存在')
}

function accepted(body: Call['body'], order: Order, context: V3Context): Refund {
  const [reason, account, url] = ['reason', 'funds_account', 'notify_url'].map((name) => textAt(body, name))
  return context.ledger.refunds.request({
    via: 'v3',
    order,
    outRefundNo: textAt(body, 'out_refund_no') ?? '',
    totalFee: numberAt(body, 'amount.total'),
    refundFee: numberAt(body, 'amount.refund'),
    ...(reason ? { reason } : {}),
    ...(account ? { account } : {}),
    ...(url ? { notice: (refund) => refundNotice(refund, url, context) } : {}),
  })
}

/** What the asking for a refund and the question about it are both answered with. */
export function refundObject(refund: Refund): object {
  const { request, refundId, createdAt, successAt, state, coupons } = refund
  const { order, outRefundNo, refundFee, account } = request
  return {
    refund_id: refundId,
    out_refund_no: outRefundNo,
    transaction_id: order.paid?.transactionId,
    out_trade_no: order.terms.outTradeNo,
    channel: 'ORIGINAL',
    user_received_account: '支付用户零钱',
    ...(successAt === undefined ? {} : { success_time: beijingRfc3339(successAt) }),
    create_time: beijingRfc3339(createdAt),
    status: state,
    funds_account: account ?? 'UNSETTLED',
    amount: {
      ...refundAmount(refund),
      from: [],
      settlement_total: order.terms.totalFee,
      settlement_refund: refundFee,
      discount_refund: refundedCouponFee(refund),
      currency: 'CNY',
      refund_fee: 0,
    },
    promotion_detail: coupons.map(({ id, fee }) => ({
      promotion_id: id,
      scope: 'GLOBAL',
      type: 'COUPON',
      amount: order.paid?.coupons.find((coupon) => coupon.id === id)?.fee,
      refund_amount: fee,
    })),
  }
}
