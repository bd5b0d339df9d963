import type * as v from 'valibot'
import {
  invalidParam,
  meaningsOf,
  NOT_OFFERED,
  ORDER_NOT_PAID,
  OUT_REFUND_NO_USED,
  REFUND_TOO_MUCH,
  REFUND_UNRESOLVED,
  UNKNOWN_MERCHANT,
} from '../../errors/index.js'
import { evidenceSettings } from '../../events/evidence.js'
import { eventSettings } from '../../events/webhook.js'
import { fen } from '../../money.js'
import { object, optional } from '../../operation/fields.js'
import type { Operation } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import { ruled } from '../../operation/rules.js'
import type { OrderRecord, OrderState } from '../../store/port.js'
import * as fields from '../fields.js'
import { accountOf } from '../orders/findOrder.js'
import { checkRefund } from '../parameters/rules.js'
import { refundFields } from '../parameters/schemas.js'
import type { PaymentProvider } from '../provider.js'
import { refundNoticeAddress, refundOrder } from '../refunds/refundOrder.js'
import { type RefundResult, refundResult, storedRefund } from '../refunds/refundResult.js'
import { certifiedSettings, requireCapability } from '../registry.js'

const input = ruled(
  object({
    outTradeNo: optional(fields.outTradeNo),
    transactionId: optional(fields.transactionId),
    outRefundNo: optional(fields.outRefundNo),
    totalFee: optional(fields.totalFee),
    refundFee: fields.refundFee,
    refundFeeType: optional(fields.feeType),
    refundDesc: optional(fields.refundDesc),
    notifyUrl: optional(fields.notifyUrl),
    ...refundFields,
    provider: optional(fields.provider),
    mchId: optional(fields.mchId),
  }),
  fields.orderNamed,
)

type Input = v.InferOutput<typeof input>

export interface RefundAnswer extends RefundResult {
  provider: string
  /** Where the order stands here; absent for orders that were not made here. */
  orderState?: OrderState
  outcome?: 'unknown'
}

/**
 * Gives money of an order back. `outRefundNo` makes it one refund however often it is called: the same number and
 * amount answer the same result, another amount is an error, and after an unknown outcome the same call is the way to
 * find out. Orders that were not made here are refunded too, if their total is named; of those nothing is kept, and
 * the provider alone sees to it that a number is refunded once.
 */
export const refund = {
  name: 'payment.refund',
  doc: 'https://uniapp.dcloud.net.cn/uniCloud/unipay.html',
  title: { en: 'Give the money of an order back, or a part of it', zh: '申请退款' },
  input,
  reach: 'server',
  repeat: 'safe',
  settings: [...certifiedSettings, ...eventSettings, ...evidenceSettings, 'NOTIFY_BASE_URL'],
  errors: meaningsOf(
    ORDER_NOT_PAID,
    OUT_REFUND_NO_USED,
    REFUND_TOO_MUCH,
    REFUND_UNRESOLVED,
    NOT_OFFERED,
    UNKNOWN_MERCHANT,
  ),
  async run(given, context): Promise<RefundAnswer> {
    const { provider, order } = await accountOf(context, given)
    checkRefund(provider.id, given)
    if (!order) return { provider: provider.id, ...(await refundForeign(provider, given)) }
    checkOrder(order, given)
    const asked = omitUndefined({
      outRefundNo: numberOf(provider, { ...given, outTradeNo: order.outTradeNo }),
      refundFee: fen(given.refundFee, 'refundFee'),
      refundDesc: given.refundDesc,
      notifyUrl: given.notifyUrl ?? refundNoticeAddress(context, provider, order),
      refundAccount: given.refundAccount,
      goodsDetail: given.goodsDetail,
      storeId: given.storeId,
      queryOptions: given.queryOptions,
      extra: given.extra && JSON.stringify(given.extra),
    })
    const refunded = await refundOrder(context, provider, order, asked)
    const { order: current, refund: entry } = refunded
    const state = { provider: provider.id, ...storedRefund(current, entry), orderState: current.state }
    return { ...refunded.asked, ...state }
  },
} satisfies Operation<typeof input, RefundAnswer>

function checkOrder({ totalFee, currency }: OrderRecord, given: Input): void {
  if (given.totalFee !== undefined && given.totalFee !== totalFee) {
    throw invalidParam('totalFee', `the order is about ${totalFee} fen; leave it out, or say the same`)
  }
  if (given.refundFeeType !== undefined && given.refundFeeType !== currency) {
    throw invalidParam('refundFeeType', `the order is in ${currency}`)
  }
}

/** Alipay takes an order's own number for a refund that has none. */
function numberOf({ id }: PaymentProvider, { outRefundNo, outTradeNo }: Input): string {
  const number = outRefundNo ?? (id === 'alipay' ? outTradeNo : undefined)
  if (number !== undefined) return number
  throw invalidParam('outRefundNo', 'required, your own number of the refund; a repeat has to name the same')
}

/** An order that was made through the library, say: what it was about, only the caller can know. */
async function refundForeign(provider: PaymentProvider, given: Input): Promise<RefundResult> {
  const ask = requireCapability(provider, 'refund')
  const { outTradeNo, transactionId, refundDesc, notifyUrl, refundFeeType: currency = 'CNY' } = given
  const { storeId, queryOptions, extra, refundAccount, goodsDetail } = given
  const totalFee = given.totalFee ?? (provider.id === 'alipay' ? given.refundFee : undefined)
  if (totalFee === undefined) {
    throw invalidParam('totalFee', 'required for an order that was not made here, its total in fen')
  }
  const facts = await ask(
    omitUndefined({
      ...{ outTradeNo, transactionId, refundDesc, notifyUrl, currency, storeId, queryOptions, extra },
      ...{ refundAccount, goodsDetail },
      outRefundNo: numberOf(provider, given),
      totalFee: fen(totalFee),
      refundFee: fen(given.refundFee, 'refundFee'),
    }),
  )
  return refundResult(facts)
}
