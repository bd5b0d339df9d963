import * as v from 'valibot'
import { invalidParam } from '../../errors/index.js'
import { fen } from '../../money.js'
import { choice, integer, map, object, optional, text } from '../../operation/fields.js'
import { omitUndefined } from '../../operation/operation.js'
import { type Rule, ruled } from '../../operation/rules.js'
import * as fields from '../../payment/fields.js'
import type { OrderRequest, PaymentProvider, RefundRequest, Scene } from '../../payment/provider.js'
import { entryOf } from '../../payment/registry.js'

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
  clientType: optional(choice(fields.clientTypes)),
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

/** WeChat Pay wants an address; where nobody tells one, this one claims nothing. */
const NO_ADDRESS = '127.0.0.1'

/** An order in the words of the reference document as the provider takes it. INVALID_PARAM. */
export function orderRequest(
  provider: PaymentProvider,
  given: OrderInput,
  clientType: string | undefined,
): OrderRequest {
  const { outTradeNo, openid, attach, notifyUrl, timeExpire, spbillCreateIp = NO_ADDRESS } = given
  const rule = entryOf(provider.id)?.entry.orderNumber
  if (rule && !rule.pattern.test(outTradeNo)) throw invalidParam('outTradeNo', `expected ${rule.like}`)
  const scene = sceneOf(given.clientType ?? clientType, openid)
  return omitUndefined({
    ...{ scene, outTradeNo, openid, attach, notifyUrl },
    appId: provider.appIdFor(scene),
    totalFee: fen(given.totalFee),
    currency: given.feeType,
    body: textFor(provider, given),
    expiresAt: timeExpire === undefined ? undefined : beijingTime(timeExpire),
    payerIp: spbillCreateIp,
  })
}

function textFor({ id }: PaymentProvider, { body, subject }: OrderInput): string {
  const isAlipay = id === 'alipay'
  const text = isAlipay ? (subject ?? body) : (body ?? subject)
  if (text !== undefined) return text
  throw invalidParam(isAlipay ? 'subject' : 'body', 'required, what the payer sees')
}

function beijingTime(compact: string): number {
  const iso = compact.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6+08:00')
  const ms = Date.parse(iso)
  if (Number.isFinite(ms)) return ms
  throw invalidParam('timeExpire', 'expected an existing time as yyyyMMddHHmmss')
}

/**
 * A refund likewise. Alipay takes the order's own number for a refund that has none, and does not ask for the total;
 * WeChat Pay wants both. INVALID_PARAM.
 */
export function refundRequest({ id }: PaymentProvider, given: RefundInput): RefundRequest {
  const { outTradeNo, transactionId, refundDesc, notifyUrl } = given
  const isAlipay = id === 'alipay'
  const outRefundNo = given.outRefundNo ?? (isAlipay ? outTradeNo : undefined)
  const totalFee = given.totalFee ?? (isAlipay ? given.refundFee : undefined)
  if (outRefundNo === undefined) throw invalidParam('outRefundNo', 'required, your own number of the refund')
  if (totalFee === undefined) throw invalidParam('totalFee', "required, the order's total in fen")
  return omitUndefined({
    ...{ outTradeNo, transactionId, outRefundNo, refundDesc, notifyUrl },
    totalFee: fen(totalFee),
    refundFee: fen(given.refundFee, 'refundFee'),
    currency: given.refundFeeType,
  })
}

/** uniCloud tells a function where its caller is in a global, and uni-pay reads it there. */
const platformHere = (): unknown => (globalThis as { __ctx__?: { PLATFORM?: unknown } }).__ctx__?.PLATFORM

/** The scene of a payment, as far as the call, the instance or the platform say it. */
export const sceneOf = (clientType: string | undefined, openid: string | undefined): Scene =>
  fields.sceneOf(clientType ?? platformHere(), openid)
