import { type Fen, fen, sumOf } from '../../money.js'
import { omitUndefined } from '../../operation/operation.js'
import type { OrderRecord, RefundEntry, RefundState } from '../../store/port.js'
import type { AskedOfRefund } from '../facts.js'
import type { ProviderId, RefundFacts, RefundQueryAnswer } from '../provider.js'

/** Refunds in the names of the reference document. */

/** What a provider states about a refund, without the fields that only this code uses. */
export type RefundResult = Omit<RefundFacts, 'state' | 'successTime' | 'asked'> &
  AskedOfRefund & {
    /** `yyyy-MM-dd HH:mm:ss` in Beijing. */
    refundSuccessTime?: string
    /** The provider does not say what became of it: only the same number may be refunded again. */
    outcome?: 'unknown'
  }

export const refundResult = ({ state, successTime, asked, ...facts }: RefundFacts): RefundResult =>
  omitUndefined<RefundResult>({
    ...asked,
    ...facts,
    refundSuccessTime: successTime,
    outcome: state === 'UNKNOWN' ? 'unknown' : undefined,
  })

type OfOrder = 'outTradeNo' | 'transactionId' | 'totalFee'

export interface QueriedRefunds extends Partial<Omit<RefundResult, OfOrder>> {
  outTradeNo?: string
  transactionId?: string
  /** Fen, of the order. */
  totalFee?: Fen
  /** Fen: of all refunds listed that are not closed, or of Alipay's one. */
  refundFee?: Fen
  /** WeChat Pay only: an order may have several. */
  refundList?: Omit<RefundResult, OfOrder | keyof AskedOfRefund>[]
  /** How many there are in all, where the list is a part of them. */
  totalRefundCount?: number
}

/** Alipay answers about one refund, WeChat Pay with a list of them. */
export function queriedRefunds(
  id: ProviderId,
  { outTradeNo, transactionId, totalFee, totalRefundCount, refunds }: Omit<RefundQueryAnswer, 'raw'>,
): QueriedRefunds {
  const order = { outTradeNo, transactionId, totalFee, totalRefundCount }
  const refundList = refunds.map(ownFields)
  if (id === 'alipay' && refundList.length === 1) return omitUndefined({ ...order, ...refundList[0] })
  const kept = refunds.filter(({ state }) => state !== 'CLOSED')
  const refundFee = sumOf(...kept.map(({ refundFee = fen(0) }) => refundFee))
  return omitUndefined({ ...order, refundFee, refundList })
}

function ownFields(facts: RefundFacts): Omit<RefundResult, OfOrder> {
  const { outTradeNo: _number, transactionId: _transaction, totalFee: _total, ...own } = refundResult(facts)
  return own
}

/** WeChat Pay V2's name of each state, which is the one the reference document promises; UNKNOWN is ours. */
const refundStatuses: Readonly<Partial<Record<RefundState, string>>> = {
  PROCESSING: 'PROCESSING',
  SUCCEEDED: 'SUCCESS',
  CLOSED: 'REFUNDCLOSE',
  ABNORMAL: 'CHANGE',
  UNKNOWN: 'UNKNOWN',
}

/** A refund as it is kept here, so that asking for it again answers what the first time did. */
export function storedRefund(
  { outTradeNo, transactionId, totalFee }: OrderRecord,
  { outRefundNo, refundId, refundFee, cashRefundFee, successTime, state, ...entry }: RefundEntry,
): RefundResult {
  const refundStatus = refundStatuses[state]
  const { couponRefundFee, couponRefundCount, couponList } = entry
  return omitUndefined({
    ...{ outTradeNo, transactionId, totalFee },
    ...{ outRefundNo, refundId, refundFee, cashRefundFee, refundStatus },
    ...{ couponRefundFee, couponRefundCount, couponList },
    refundSuccessTime: successTime,
    outcome: state === 'UNKNOWN' || refundStatus === undefined ? 'unknown' : undefined,
  })
}
