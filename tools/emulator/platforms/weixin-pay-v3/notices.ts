import { beijingDay, beijingRfc3339, nonce } from '../../../../shared/clock.js'
import type { NoticeAnswer } from '../deliveries/deliverer.js'
import type { Notice } from '../deliveries/notice.js'
import type { Fault, FaultTarget } from '../faults.js'
import { couponFee, NOTICE_WAITS, type Order, type Refund, refundedCouponFee } from '../weixin-pay/index.js'
import type { V3Context } from './entry.js'
import { encryptResource, otherKey, signatureFaults, signatureHeaders, withFault } from './message.js'
import { transaction } from './orders.js'

const faults: readonly Fault[] = [
  ...signatureFaults,
  ...(['wrong-amount', 'wrong-merchant', 'wrong-key'] as const),
  ...(['truncated', 'timeout', 'lost', 'dropped', 'duplicate', 'late', 'reorder', 'never'] as const),
]

export const noticeTargets: readonly FaultTarget[] = [
  { name: 'weixin-pay-v3.notice', faults },
  { name: 'weixin-pay-v3.refundNotice', faults },
]

interface Event {
  type: string
  original: 'transaction' | 'refund'
  summary: string
  resource: object
}

/** The payment notice of an order; what it says of the payment is the same at every attempt. */
export function paymentNotice(order: Order, context: V3Context): Notice {
  const { outTradeNo, notifyUrl } = order.terms
  const event: Event = {
    type: 'TRANSACTION.SUCCESS',
    original: 'transaction',
    summary: '支付成功',
    resource: transaction(order, context),
  }
  return { ...composed('weixin-pay-v3.notice', event, context), orderNo: outTradeNo, url: notifyUrl }
}

const refundSummaries: Readonly<Record<Refund['state'], string>> = {
  PROCESSING: '退款处理中',
  SUCCESS: '退款成功',
  CLOSED: '退款关闭',
  ABNORMAL: '退款异常',
}

/** What became of a refund, as it stands now. */
export function refundNotice(refund: Refund, url: string, context: V3Context): Notice {
  const { request, refundId, state, successAt } = refund
  const { order, outRefundNo } = request
  const event: Event = {
    type: `REFUND.${state}`,
    original: 'refund',
    summary: refundSummaries[state],
    resource: {
      mchid: context.merchant.mchId,
      out_trade_no: order.terms.outTradeNo,
      transaction_id: order.paid?.transactionId,
      out_refund_no: outRefundNo,
      refund_id: refundId,
      refund_status: state,
      ...(successAt === undefined ? {} : { success_time: beijingRfc3339(successAt) }),
      user_received_account: '支付用户零钱',
      amount: refundAmount(refund),
    },
  }
  const notice = composed('weixin-pay-v3.refundNotice', event, context)
  return { ...notice, orderNo: order.terms.outTradeNo, refundNo: outRefundNo, url }
}

/** Signed and encrypted anew for every attempt, since a signature lasts five minutes. */
function composed(api: string, event: Event, context: V3Context): Omit<Notice, 'orderNo' | 'url'> {
  const { clock, random, keys } = context
  const id = `EV-${beijingDay(clock.now())}${nonce(random, 12)}`
  const createdAt = beijingRfc3339(clock.now())
  return {
    api,
    waits: NOTICE_WAITS,
    compose(fault) {
      const body = JSON.stringify({
        id,
        create_time: createdAt,
        resource_type: 'encrypt-resource',
        event_type: event.type,
        summary: event.summary,
        resource: resourceOf(event, context, fault),
      })
      const signature = signatureHeaders(body, keys.noticeSigner(), context, fault)
      const headers = { 'Content-Type': 'application/json', 'User-Agent': 'Mozilla/4.0', Accept: '*/*' }
      return { headers: { ...headers, ...signature }, body: Buffer.from(body) }
    },
    understood,
  }
}

function resourceOf(
  { original, resource }: Event,
  { merchant, random }: V3Context,
  fault: Fault | undefined,
): object {
  const key = fault === 'wrong-key' ? otherKey(merchant.v3Key) : merchant.v3Key
  const text = JSON.stringify(withFault(resource, fault))
  return { original_type: original, ...encryptResource(text, original, key, random) }
}

/** The status alone counts, whatever the body says. */
const understood = ({ status }: NoticeAnswer): boolean => status === 200 || status === 204

/** The amounts that a notice tells as well. */
export function refundAmount(refund: Refund): object {
  const { order, refundFee } = refund.request
  const total = order.terms.totalFee
  return {
    total,
    refund: refundFee,
    payer_total: total - (order.paid ? couponFee(order.paid) : 0),
    payer_refund: refundFee - refundedCouponFee(refund),
  }
}
