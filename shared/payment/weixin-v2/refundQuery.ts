import { invalidParam, OpenapiError } from '../../errors/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type { FlatXml } from '../../xml/flatXml.js'
import type { ProviderDependencies, RefundFacts, RefundQuery, RefundQueryAnswer } from '../provider.js'
import { unverified } from '../weixin/failure.js'
import { callV2 } from './call.js'
import { text } from './facts.js'
import type { V2Merchant } from './merchant.js'
import { refundFacts } from './refundFacts.js'

/** An order has at most 50 refunds, of which an answer holds ten. */
const MAX_REFUNDS = 50

const UNKNOWN: ReadonlySet<unknown> = new Set(['REFUNDNOTEXIST', 'ORDERNOTEXIST'])

/**
 * Asks for one refund, or for those of an order; the most precise number that is given counts. `offset` passes over
 * that many. https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_5
 */
export async function refundQuery(
  merchant: V2Merchant,
  dependencies: ProviderDependencies,
  appid: string,
  query: RefundQuery,
): Promise<RefundQueryAnswer | undefined> {
  const { offset } = query
  const wanted = wantedBy(query)
  try {
    const { fields, raw } = await callV2(merchant, dependencies, '/pay/refundquery', {
      appid,
      [wanted.wire]: wanted.number,
      offset: offset === undefined ? undefined : String(offset),
    })
    return { ...readAnswer(fields, wanted), raw }
  } catch (error) {
    if (error instanceof OpenapiError && UNKNOWN.has(error.errCode)) return undefined
    throw error
  }
}

interface Wanted {
  wire: string
  number: string
  /** Whether a refund is one of those that were asked about. */
  covers(facts: RefundFacts): boolean
}

function wantedBy(query: RefundQuery): Wanted {
  const names = [
    ['refundId', 'refund_id'],
    ['outRefundNo', 'out_refund_no'],
    ['transactionId', 'transaction_id'],
    ['outTradeNo', 'out_trade_no'],
  ] as const
  for (const [name, wire] of names) {
    const number = query[name]
    if (number !== undefined) return { wire, number, covers: (facts) => facts[name] === number }
  }
  throw invalidParam('outRefundNo', 'required, or one of outTradeNo, transactionId and refundId')
}

/** An authentic answer about other refunds is still no answer to this question. */
function readAnswer(fields: FlatXml, { covers }: Wanted): Omit<RefundQueryAnswer, 'raw'> {
  const count = wholeNumber(fields, 'refund_count')
  if (count === undefined || count > MAX_REFUNDS) throw unverified('an answer without a refund_count')
  const refunds = Array.from({ length: count }, (_, n) => refundFacts(fields, `_${n}`))
  if (!refunds.every((facts) => facts !== undefined && covers(facts))) {
    throw unverified('an answer that lacks a refund or is about another one')
  }
  const [first] = refunds
  const { outTradeNo, transactionId, totalFee } = first ?? {}
  return omitUndefined({
    ...{ outTradeNo, transactionId, totalFee },
    totalRefundCount: wholeNumber(fields, 'total_refund_count'),
    refunds: refunds.filter((facts) => facts !== undefined),
  })
}

function wholeNumber(fields: FlatXml, name: string): number | undefined {
  const digits = text(fields, name)
  return digits !== undefined && /^\d{1,9}$/.test(digits) ? Number(digits) : undefined
}
