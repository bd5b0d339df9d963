import { omitUndefined } from '../../operation/operation.js'
import { claimsPayment, isPaid, type PaymentFacts, type TradeState } from '../provider.js'
import { amount, dateTime, type Said } from './said.js'

/**
 * Alipay's words for an order's state. TRADE_CLOSED is an order nobody paid in time, and one that was paid and given
 * back whole. https://opendocs.alipay.com/open/82ea786a_alipay.trade.query
 */
const states: Readonly<Record<string, TradeState>> = {
  WAIT_BUYER_PAY: 'USERPAYING',
  TRADE_CLOSED: 'CLOSED',
  TRADE_SUCCESS: 'SUCCESS',
  TRADE_FINISHED: 'FINISHED',
}

export function tradeState(said: Said): TradeState | undefined {
  const word = said('trade_status') ?? ''
  return Object.hasOwn(states, word) ? states[word] : undefined
}

/**
 * What an authenticated query answer or notice says of a payment. Undefined when it claims a payment without its
 * number or amount, or has amounts that are none: nothing may move on such a message.
 */
export function paymentFacts(appId: string, said: Said, state: TradeState): PaymentFacts | undefined {
  try {
    const facts = readFacts(appId, said, state)
    return facts.outTradeNo !== '' && (isPaid(facts) || !claimsPayment(facts)) ? facts : undefined
  } catch {
    return undefined
  }
}

function readFacts(appId: string, said: Said, state: TradeState): PaymentFacts {
  const paidAt = dateTime(said, 'gmt_payment') ?? dateTime(said, 'send_pay_date')
  const totalFee = amount(said, 'total_amount')
  // Only what was paid has a time of payment.
  const isGivenBack = state === 'CLOSED' && paidAt !== undefined
  return omitUndefined({
    appId,
    outTradeNo: said('out_trade_no') ?? '',
    tradeState: state,
    tradeStateDesc: said('trade_status'),
    transactionId: said('trade_no'),
    totalFee,
    refundedFee: isGivenBack ? totalFee : undefined,
    feeType: said('trans_currency') ?? 'CNY',
    cashFee: amount(said, 'buyer_pay_amount'),
    cashFeeType: said('pay_currency'),
    settlementTotalFee: amount(said, 'settle_amount'),
    openid: said('buyer_user_id') ?? said('buyer_id') ?? said('buyer_open_id'),
    attach: unescaped(said('passback_params')),
    timeEnd: paidAt?.replace(/\D/g, ''),
  })
}

/** Alipay wants `passback_params` percent-encoded, and gives them back as they came. */
function unescaped(text: string | undefined): string | undefined {
  try {
    return text && decodeURIComponent(text)
  } catch {
    return text
  }
}
