import { fenFromDigits } from '../../money.js'
import { omitUndefined } from '../../operation/operation.js'
import type { FlatXml } from '../../xml/flatXml.js'
import { type CouponFacts, isPaid, isPaidState, type PaymentFacts, type TradeState } from '../provider.js'

/** More than one order can use. */
export const MAX_COUPONS = 20

/** An empty field counts as none. */
export const text = (fields: FlatXml, name: string): string | undefined => fields.get(name) || undefined

/** Fen, or any other whole number. Throws when it is none. */
export function amount(fields: FlatXml, name: string) {
  const digits = text(fields, name)
  return digits === undefined ? undefined : fenFromDigits(digits, name)
}

/**
 * What an authenticated query answer or notice says of a payment. Undefined when it claims a payment without its
 * number or amount, or has amounts that are none: nothing may move on such a message.
 */
export function paymentFacts(fields: FlatXml, tradeState: TradeState): PaymentFacts | undefined {
  try {
    const facts = readFacts(fields, tradeState)
    return facts.outTradeNo !== '' && (isPaid(facts) || !isPaidState(tradeState)) ? facts : undefined
  } catch {
    return undefined
  }
}

function readFacts(fields: FlatXml, tradeState: TradeState): PaymentFacts {
  const coupons = couponList(fields)
  return omitUndefined({
    appId: fields.get('appid') ?? '',
    mchId: text(fields, 'mch_id'),
    outTradeNo: fields.get('out_trade_no') ?? '',
    tradeState,
    tradeStateDesc: text(fields, 'trade_state_desc'),
    tradeType: text(fields, 'trade_type'),
    transactionId: text(fields, 'transaction_id'),
    totalFee: amount(fields, 'total_fee'),
    feeType: text(fields, 'fee_type') ?? 'CNY',
    cashFee: amount(fields, 'cash_fee'),
    cashFeeType: text(fields, 'cash_fee_type'),
    settlementTotalFee: amount(fields, 'settlement_total_fee'),
    couponFee: amount(fields, 'coupon_fee'),
    couponCount: amount(fields, 'coupon_count'),
    couponList: coupons.length > 0 ? coupons : undefined,
    openid: text(fields, 'openid'),
    isSubscribe: text(fields, 'is_subscribe'),
    bankType: text(fields, 'bank_type'),
    deviceInfo: text(fields, 'device_info'),
    attach: text(fields, 'attach'),
    timeEnd: text(fields, 'time_end'),
  })
}

function couponList(fields: FlatXml): CouponFacts[] {
  const coupons: CouponFacts[] = []
  for (let n = 0; n < MAX_COUPONS && fields.has(`coupon_id_${n}`); n++) {
    coupons.push(
      omitUndefined({
        couponId: text(fields, `coupon_id_${n}`),
        couponType: text(fields, `coupon_type_${n}`),
        couponFee: amount(fields, `coupon_fee_${n}`),
      }),
    )
  }
  return coupons
}
