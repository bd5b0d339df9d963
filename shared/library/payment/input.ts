import * as v from 'valibot'
import { invalidParam } from '../../errors/index.js'
import { fen } from '../../money.js'
import { choice, map, object, optional } from '../../operation/fields.js'
import { omitUndefined } from '../../operation/operation.js'
import { ruled } from '../../operation/rules.js'
import * as fields from '../../payment/fields.js'
import { checkEnd, parametersIn, shownTexts } from '../../payment/parameters/orderParameters.js'
import { checkLimits, checkOrder, checkRefund } from '../../payment/parameters/rules.js'
import { orderFields, refundFields } from '../../payment/parameters/schemas.js'
import type { OrderRequest, PaymentProvider, RefundRequest, Scene } from '../../payment/provider.js'

/** What the methods of `payment` take, by the names of the reference document. Amounts are fen. */

const numbers = {
  outTradeNo: optional(fields.outTradeNo),
  transactionId: optional(fields.transactionId),
}

/** uni-pay lets a call choose how it is signed. The notices of an order come signed as the order was. */
const signType = optional(
  choice(['MD5', 'HMAC-SHA256'], "how this call is signed, in place of the instance's own; WeChat Pay V2"),
)

const currency = optional(fields.feeType, 'CNY')

export const orderInput = object({
  outTradeNo: fields.outTradeNo,
  totalFee: fields.totalFee,
  openid: optional(fields.openid),
  clientType: optional(fields.clientType),
  ...orderFields,
  notifyUrl: fields.notifyUrl,
  feeType: currency,
  signType,
})

export const numberInput = ruled(object({ ...numbers, signType }), fields.orderNamed)

export const orderQueryInput = ruled(
  object({ ...numbers, queryOptions: refundFields.queryOptions, signType }),
  fields.orderNamed,
)

export const refundInput = ruled(
  object({
    ...numbers,
    outRefundNo: optional(fields.outRefundNo),
    totalFee: optional(fields.totalFee),
    refundFee: fields.refundFee,
    refundFeeType: currency,
    refundDesc: optional(fields.refundDesc),
    notifyUrl: optional(fields.notifyUrl),
    ...refundFields,
    signType,
  }),
  fields.orderNamed,
)

export const refundQueryInput = ruled(
  object({
    ...numbers,
    outRefundNo: optional(fields.outRefundNo),
    refundId: optional(fields.refundId),
    offset: optional(fields.offset),
    queryOptions: refundFields.queryOptions,
    signType,
  }),
  fields.refundNamed,
)

export const billInput = object({
  billDate: fields.billDate,
  billType: optional(fields.billWord),
  tarType: optional(fields.tarType),
  signType,
})

export const fundflowInput = object({
  billDate: fields.billDate,
  accountType: optional(fields.billWord),
  tarType: optional(fields.tarType),
  signType: optional(choice(['HMAC-SHA256'], 'WeChat Pay V2 takes no other for this bill')),
})

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
  const { outTradeNo, openid, attach, notifyUrl, extra } = given
  const { text, description } = shownTexts(provider.id, given)
  const parameters = parametersIn({ ...given, description })
  checkLimits(provider.id, { outTradeNo, subject: given.subject, body: given.body })
  checkOrder(provider.id, parameters, extra)
  checkEnd(given)
  const scene =
    fields.sceneOfTrade(given.tradeType, given.clientType) ?? sceneOf(given.clientType ?? clientType, openid)
  return omitUndefined({
    ...{ scene, outTradeNo, openid, attach, notifyUrl, parameters, extra },
    appId: provider.appIdFor(scene),
    totalFee: fen(given.totalFee),
    currency: given.feeType,
    body: text,
    expiresAt: given.timeExpire,
    payerIp: fields.payerIpOf(given.spbillCreateIp),
  })
}

/**
 * A refund likewise. Alipay takes the order's own number for a refund that has none, and does not ask for the total;
 * WeChat Pay wants both. INVALID_PARAM.
 */
export function refundRequest({ id }: PaymentProvider, given: RefundInput): RefundRequest {
  const { outTradeNo, transactionId, refundDesc, notifyUrl, storeId, queryOptions, extra } = given
  const { refundAccount, goodsDetail } = given
  checkRefund(id, { refundDesc, refundAccount, storeId, queryOptions, extra })
  const isAlipay = id === 'alipay'
  const outRefundNo = given.outRefundNo ?? (isAlipay ? outTradeNo : undefined)
  const totalFee = given.totalFee ?? (isAlipay ? given.refundFee : undefined)
  if (outRefundNo === undefined) throw invalidParam('outRefundNo', 'required, your own number of the refund')
  if (totalFee === undefined) throw invalidParam('totalFee', "required, the order's total in fen")
  return omitUndefined({
    ...{ outTradeNo, transactionId, outRefundNo, refundDesc, notifyUrl, storeId, queryOptions, extra },
    ...{ refundAccount, goodsDetail },
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
