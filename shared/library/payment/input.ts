import * as v from 'valibot'
import { invalidParam } from '../../errors/index.js'
import { fen } from '../../money.js'
import { map, object, optional, text } from '../../operation/fields.js'
import { omitUndefined } from '../../operation/operation.js'
import { ruled } from '../../operation/rules.js'
import * as fields from '../../payment/fields.js'
import type { OrderRequest, PaymentProvider, RefundRequest, Scene } from '../../payment/provider.js'
import { checkLimits } from '../../payment/registry.js'

/** What the methods of `payment` take, by the names of the reference document. Amounts are fen. */

const numbers = {
  outTradeNo: optional(fields.outTradeNo),
  transactionId: optional(fields.transactionId),
}

const currency = optional(fields.feeType, 'CNY')

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
  spbillCreateIp: optional(fields.payerIp),
  timeExpire: optional(
    text({ pattern: /^20\d{12}$/, like: 'when an unpaid order dies, yyyyMMddHHmmss in Beijing' }),
  ),
  clientType: optional(fields.clientType),
})

export const numberInput = ruled(object(numbers), fields.orderNamed)

export const refundInput = ruled(
  object({
    ...numbers,
    outRefundNo: optional(fields.outRefundNo),
    totalFee: optional(fields.totalFee),
    refundFee: fields.refundFee,
    refundFeeType: currency,
    refundDesc: optional(fields.refundDesc),
    notifyUrl: optional(fields.notifyUrl),
  }),
  fields.orderNamed,
)

export const refundQueryInput = ruled(
  object({
    ...numbers,
    outRefundNo: optional(fields.outRefundNo),
    refundId: optional(fields.refundId),
    offset: optional(fields.offset),
  }),
  fields.refundNamed,
)

export const billInput = object({ billDate: fields.billDate, billType: optional(fields.billWord) })

export const fundflowInput = object({ billDate: fields.billDate, accountType: optional(fields.billWord) })

/** Values under names of the caller's own. */
export const sensitiveInput = v.pipe(
  map<string>('texts by name'),
  v.check((values) => Object.values(values).every((value) => typeof value === 'string')),
)

export type OrderInput = v.InferOutput<typeof orderInput>
export type RefundInput = v.InferOutput<typeof refundInput>

/** An order by the names of the reference document as the provider takes it. INVALID_PARAM. */
export function orderRequest(
  provider: PaymentProvider,
  given: OrderInput,
  clientType: string | undefined,
): OrderRequest {
  const { outTradeNo, openid, attach, notifyUrl, timeExpire, spbillCreateIp } = given
  checkLimits(provider.id, { outTradeNo })
  const scene = sceneOf(given.clientType ?? clientType, openid)
  return omitUndefined({
    ...{ scene, outTradeNo, openid, attach, notifyUrl },
    appId: provider.appIdFor(scene),
    totalFee: fen(given.totalFee),
    currency: given.feeType,
    body: textFor(provider, given),
    expiresAt: timeExpire === undefined ? undefined : beijingTime(timeExpire),
    payerIp: fields.payerIpOf(spbillCreateIp),
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
  checkLimits(id, { refundDesc })
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

/** uniCloud keeps where the caller of a function is in a global; uni-pay reads it there too. */
const platformHere = (): unknown => (globalThis as { __ctx__?: { PLATFORM?: unknown } }).__ctx__?.PLATFORM

/** The scene of a payment, from the call, else the instance, else the platform. */
export const sceneOf = (clientType: string | undefined, openid: string | undefined): Scene =>
  fields.sceneOf(clientType ?? platformHere(), openid)
