import { invalidParam } from '../errors/index.js'
import { fen } from '../money.js'
import { omitUndefined } from '../operation/omitUndefined.js'
import type { OrderRequest, PaymentProvider, RefundRequest } from '../payment/provider.js'
import { entryOf } from '../payment/registry.js'
import { sceneOf } from './clientType.js'
import type { OrderInput, RefundInput } from './paymentInput.js'

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
