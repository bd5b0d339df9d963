import * as v from 'valibot'
import { choice, integer, map, object, optional, text } from '../operation/fields.js'
import { type Rule, ruled } from '../operation/rules.js'
import * as fields from '../payment/fields.js'
import { clientTypes } from './clientType.js'

/** What the methods of `payment` take, in the words of the reference document. Amounts are fen. */

const outTradeNo = optional(fields.outTradeNo)
const transactionId = optional(fields.transactionId)
const outRefundNo = optional(
  text({ max: 64, pattern: /^[A-Za-z0-9_|*@-]+$/, like: 'your own number of the refund' }),
)
const refundId = optional(text({ max: 64, pattern: /^\w+$/, like: "the provider's number of the refund" }))
const currency = optional(text({ pattern: /^[A-Z]{3}$/, like: 'a currency such as CNY' }), 'CNY')
const billDate = text({ pattern: /^\d{6}(\d{2})?$/, like: 'a day as yyyyMMdd, such as 20260131' })
const billWord = optional(text({ max: 32, pattern: /^\w+$/, like: "one of the provider's own words" }))

/** One of these has to say which order or refund is meant. */
const named =
  <Value extends object>(...names: readonly (keyof Value & string)[]): Rule<Value> =>
  (value) =>
    names.some((name) => value[name] !== undefined)
      ? undefined
      : [names[0] ?? '', `required, or ${names.slice(1).join(' or ')}`]

interface OrderNumbers {
  outTradeNo?: unknown
  transactionId?: unknown
}

export const orderInput = object({
  outTradeNo: fields.outTradeNo,
  totalFee: fields.totalFee,
  /** WeChat shows `body`, Alipay `subject`; one stands for both. */
  body: optional(fields.body),
  subject: optional(fields.body),
  openid: optional(fields.openid),
  notifyUrl: fields.notifyUrl,
  attach: optional(fields.attach),
  feeType: currency,
  spbillCreateIp: optional(text({ pattern: /^[0-9a-fA-F.:]{2,45}$/, like: "the payer's IP address" })),
  timeExpire: optional(
    text({ pattern: /^20\d{12}$/, like: 'when an unpaid order dies, yyyyMMddHHmmss in Beijing' }),
  ),
  clientType: optional(choice(clientTypes)),
})

export const numberInput = ruled(
  object({ outTradeNo, transactionId }),
  named<OrderNumbers>('outTradeNo', 'transactionId'),
)

export const refundInput = ruled(
  object({
    outTradeNo,
    transactionId,
    outRefundNo,
    totalFee: optional(fields.totalFee),
    refundFee: fields.totalFee,
    refundFeeType: currency,
    refundDesc: optional(fields.body),
    notifyUrl: optional(fields.notifyUrl),
  }),
  named<OrderNumbers>('outTradeNo', 'transactionId'),
)

export const refundQueryInput = ruled(
  object({ outTradeNo, transactionId, outRefundNo, refundId, offset: optional(integer(0, 1000)) }),
  named<OrderNumbers & { outRefundNo?: unknown; refundId?: unknown }>(
    ...(['outTradeNo', 'transactionId', 'outRefundNo', 'refundId'] as const),
  ),
)

export const billInput = object({ billDate, billType: billWord })

export const fundflowInput = object({ billDate, accountType: billWord })

/** Values under names of the caller's own. */
export const sensitiveInput = v.pipe(
  map<string>('texts by name'),
  v.check((values) => Object.values(values).every((value) => typeof value === 'string')),
)

export type OrderInput = v.InferOutput<typeof orderInput>
export type RefundInput = v.InferOutput<typeof refundInput>
