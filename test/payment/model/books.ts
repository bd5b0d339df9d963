/** What a platform knows of the one order that the model is about, and what it does when it is asked. Plain JSON. */

export interface Books {
  trade?: Trade
  /** Notices of what it has just done, to be sent. */
  outbox?: Mail[]
}

export interface Trade {
  outTradeNo: string
  totalFee: number
  state: 'NOTPAY' | 'SUCCESS' | 'CLOSED'
  /** Milliseconds. */
  expiresAt?: number
  refunds: PlatformRefund[]
}

export interface PlatformRefund {
  outRefundNo: string
  refundFee: number
  state: 'PROCESSING' | 'SUCCESS' | 'CLOSED' | 'ABNORMAL'
}

/** A message about a change, which the platform sends until it is understood. */
export type Mail =
  | { about: 'payment' }
  /** `refundedFee`: all that had been given back when it was written; `isWhole`: that was all there was. */
  | { about: 'refund'; outRefundNo: string; refundedFee: number }

/** The numbers that a platform gives. The same in every run: nothing in the model depends on them. */
export const TRANSACTION_ID = '4200001234205001011234567890'
export const refundIdOf = (outRefundNo: string): string => `5030000000${outRefundNo}`

/** Why a platform does not do what it was asked. */
export type Problem =
  | 'no such order'
  | 'paid'
  | 'closed'
  | 'not paid'
  | 'no such refund'
  | 'other amount'
  | 'too much'

export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem)
  }
}

/** How the trade stands at `now`: nobody pays it any more once its time is over. */
export const stateOf = (
  { state, expiresAt = Number.POSITIVE_INFINITY }: Trade,
  now: number,
): Trade['state'] => (state === 'NOTPAY' && now >= expiresAt ? 'CLOSED' : state)

export const refundedFee = ({ refunds }: Trade): number =>
  refunds.filter(({ state }) => state === 'SUCCESS').reduce((sum, { refundFee }) => sum + refundFee, 0)

export function makeTrade(books: Books, trade: Omit<Trade, 'state' | 'refunds'>, now: number): Trade {
  if (!books.trade) books.trade = { ...trade, state: 'NOTPAY', refunds: [] }
  const state = stateOf(books.trade, now)
  if (state !== 'NOTPAY') throw new Refusal(state === 'CLOSED' ? 'closed' : 'paid')
  return books.trade
}

export function tradeOf({ trade }: Books, outTradeNo: string): Trade {
  if (trade?.outTradeNo === outTradeNo) return trade
  throw new Refusal('no such order')
}

export function closeTrade(books: Books, outTradeNo: string, now: number): Trade {
  const trade = tradeOf(books, outTradeNo)
  const state = stateOf(trade, now)
  if (state === 'SUCCESS') throw new Refusal('paid')
  if (state === 'CLOSED') throw new Refusal('closed')
  trade.state = 'CLOSED'
  return trade
}

/** Accepts a refund, or answers the one of that number that there is. It is not done before {@link finishRefund}. */
export function acceptRefund(
  trade: Trade,
  { outRefundNo, refundFee }: Pick<PlatformRefund, 'outRefundNo' | 'refundFee'>,
): { refund: PlatformRefund; isNew: boolean } {
  if (trade.state !== 'SUCCESS') throw new Refusal('not paid')
  const known = trade.refunds.find((refund) => refund.outRefundNo === outRefundNo)
  if (known && known.refundFee !== refundFee) throw new Refusal('other amount')
  if (known) return { refund: known, isNew: false }
  const taken = trade.refunds.filter(({ state }) => state !== 'CLOSED')
  if (taken.reduce((sum, each) => sum + each.refundFee, refundFee) > trade.totalFee)
    throw new Refusal('too much')
  const refund: PlatformRefund = { outRefundNo, refundFee, state: 'PROCESSING' }
  trade.refunds.push(refund)
  return { refund, isNew: true }
}

export function findRefund(trade: Trade | undefined, outRefundNo: string): PlatformRefund {
  const refund = trade?.refunds.find((each) => each.outRefundNo === outRefundNo)
  if (refund) return refund
  throw new Refusal('no such refund')
}

/** The payer pays. Undefined where that cannot be. */
export function pay({ trade }: Books, now: number): Mail | undefined {
  if (!trade || stateOf(trade, now) !== 'NOTPAY') return undefined
  trade.state = 'SUCCESS'
  return { about: 'payment' }
}

/** A refund that was accepted comes to its end. */
export function finishRefund(trade: Trade, refund: PlatformRefund, state: PlatformRefund['state']): Mail {
  refund.state = state
  return { about: 'refund', outRefundNo: refund.outRefundNo, refundedFee: refundedFee(trade) }
}
