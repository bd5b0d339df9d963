import { omitUndefined } from '../../operation/operation.js'
import type { RefundFacts, RoyaltyFacts } from '../provider.js'
import { amount, saidIn } from './said.js'

/** The shares of others that were taken back with a refund; nothing where there were none. */
export function refundRoyaltys(list: unknown): Pick<RefundFacts, 'refundRoyaltys'> {
  if (!Array.isArray(list) || list.length === 0) return {}
  return { refundRoyaltys: list.map(royalty) }
}

function royalty(item: unknown): RoyaltyFacts {
  const said = saidIn((item ?? {}) as Readonly<Record<string, unknown>>)
  return omitUndefined({
    refundAmount: amount(said, 'refund_amount'),
    royaltyType: said('royalty_type'),
    resultCode: said('result_code'),
    transOut: said('trans_out'),
    transOutEmail: said('trans_out_email'),
    transIn: said('trans_in'),
    transInEmail: said('trans_in_email'),
  })
}
