import { type Fen, fen } from '../money/index.js'
import { present } from '../payment/present.js'
import type { ProviderId, RefundFacts, RefundQueryAnswer } from '../payment/provider.js'

/** Refunds in the names of the reference document. */

/** What a provider says of a refund; how that is called here, and the time's other name, stay inside. */
export type RefundResult = Omit<RefundFacts, 'state' | 'successTime'> & {
  /** `yyyy-MM-dd HH:mm:ss` in Beijing. */
  refundSuccessTime?: string
}

export const refundResult = ({ state: _state, successTime, ...facts }: RefundFacts): RefundResult =>
  present({ ...facts, refundSuccessTime: successTime })

/** What is said of the order once, and not of each refund. */
type OfOrder = 'outTradeNo' | 'transactionId' | 'totalFee'

type OneRefund = Omit<RefundResult, OfOrder>

export interface QueriedRefunds extends Partial<OneRefund>, Omit<RefundQueryAnswer, 'refunds' | 'raw'> {
  /** Fen: of all refunds listed, or of Alipay's one. */
  refundFee?: Fen
  /** WeChat Pay only: an order may have several. */
  refundList?: OneRefund[]
}

/** Alipay answers about one refund, WeChat Pay with a list of them. */
export function queriedRefunds(
  id: ProviderId,
  { refunds, raw: _raw, ...order }: RefundQueryAnswer,
): QueriedRefunds {
  const refundList = refunds.map(ownFields)
  if (id === 'alipay') return present({ ...order, ...refundList[0] })
  const refundFee = refundList.reduce<Fen>((sum, each) => fen(sum + (each.refundFee ?? 0)), fen(0))
  return present({ ...order, refundFee, refundList })
}

function ownFields(facts: RefundFacts): OneRefund {
  const { outTradeNo: _number, transactionId: _transaction, totalFee: _total, ...own } = refundResult(facts)
  return own
}
