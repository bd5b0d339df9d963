import {
  meaningsOf,
  NOT_OFFERED,
  openapiError,
  REFUND_NOT_FOUND,
  UNKNOWN_MERCHANT,
} from '../../errors/index.js'
import { evidenceSettings } from '../../events/evidence.js'
import { eventSettings } from '../../events/webhook.js'
import { object, optional } from '../../operation/fields.js'
import type { Operation } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import { ruled } from '../../operation/rules.js'
import type { OrderState } from '../../store/port.js'
import * as fields from '../fields.js'
import { accountOf } from '../orders/findOrder.js'
import { checkParameters } from '../parameters/rules.js'
import { refundFields } from '../parameters/schemas.js'
import { applyRefundAnswer, askRefunds } from '../refunds/queryRefunds.js'
import { type QueriedRefunds, queriedRefunds } from '../refunds/refundResult.js'
import { providerSettings } from '../registry.js'

const input = ruled(
  object({
    outTradeNo: optional(fields.outTradeNo),
    transactionId: optional(fields.transactionId),
    outRefundNo: optional(fields.outRefundNo),
    refundId: optional(fields.refundId),
    offset: optional(fields.offset),
    queryOptions: refundFields.queryOptions,
    provider: optional(fields.provider),
    mchId: optional(fields.mchId),
  }),
  fields.refundNamed,
)

export interface RefundQueryResult extends QueriedRefunds {
  provider: string
  /** Where the order stands here; absent for orders that were not made here. */
  orderState?: OrderState
}

/**
 * Asks the provider how a refund stands and applies the answer: a refund whose notice got lost succeeds by it exactly as
 * by the notice. Without a number of the refund it answers all refunds of an order.
 */
export const refundQuery = {
  name: 'payment.refundQuery',
  doc: 'https://uniapp.dcloud.net.cn/uniCloud/unipay.html',
  title: { en: 'Ask the provider how a refund stands', zh: '查询退款' },
  input,
  reach: 'server',
  repeat: 'safe',
  settings: [...providerSettings, ...eventSettings, ...evidenceSettings],
  errors: meaningsOf(REFUND_NOT_FOUND, NOT_OFFERED, UNKNOWN_MERCHANT),
  async run(given, context): Promise<RefundQueryResult> {
    const { outTradeNo, transactionId, outRefundNo, refundId, offset, queryOptions } = given
    const account = await accountOf(context, given)
    checkParameters(account.provider.id, omitUndefined({ queryOptions }))
    const answer = await askRefunds(
      account,
      omitUndefined({ outTradeNo, transactionId, outRefundNo, refundId, offset, queryOptions }),
      context.clock.now(),
    )
    const { id } = account.provider
    const order = await applyRefundAnswer(context, account, outRefundNo, answer)
    if (!answer) throw openapiError(REFUND_NOT_FOUND)
    return { provider: id, ...queriedRefunds(id, answer), ...(order ? { orderState: order.state } : {}) }
  },
} satisfies Operation<typeof input, RefundQueryResult>
