import { invalidParam, OpenapiError } from '../../errors/index.js'
import type { ClosedFacts, OrderQuery, QueryAnswer } from '../provider.js'
import { unverified } from '../weixin/failure.js'
import { callV3, type Line, understood, type V3Answer } from './call.js'
import { paymentFacts } from './facts.js'
import { pathPart, target } from './target.js'

const BY_ORDER = '/v3/pay/transactions/out-trade-no/'
const BY_TRANSACTION = '/v3/pay/transactions/id/'

/** The answer of a query, or nothing when WeChat Pay knows, authentically, of no such thing. */
export async function unlessUnknown<Answer>(
  asked: Promise<Answer>,
  ...unknown: readonly string[]
): Promise<Answer | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof OpenapiError && unknown.includes(String(error.errCode))) return undefined
    throw error
  }
}

/**
 * Asks for an order by either number; unpaid ones are known by ours only.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791900
 */
export async function orderQuery(
  line: Line,
  { outTradeNo, transactionId }: OrderQuery,
): Promise<QueryAnswer | undefined> {
  const path =
    transactionId === undefined
      ? `${BY_ORDER}${pathPart(named('outTradeNo', outTradeNo))}`
      : `${BY_TRANSACTION}${pathPart(transactionId)}`
  const asked = callV3(line, {
    method: 'GET',
    target: target(path, { mchid: line.merchant.mchId }),
    repeat: 'safe',
  })
  const answer = await unlessUnknown(asked, 'ORDER_NOT_EXIST', 'RESOURCE_NOT_EXISTS')
  return answer && { facts: factsAbout(line, answer, { outTradeNo, transactionId }), raw: answer.raw }
}

/** An authentic answer about another order is still no answer to this question. */
function factsAbout({ merchant }: Line, answer: V3Answer, { outTradeNo, transactionId }: OrderQuery) {
  const facts = understood(answer, paymentFacts)
  const isAboutIt =
    facts.mchId === merchant.mchId &&
    (transactionId === undefined ? facts.outTradeNo === outTradeNo : facts.transactionId === transactionId)
  if (!isAboutIt) throw unverified('an answer about something else')
  return facts
}

/**
 * Closes an unpaid order; one that is closed already is closed.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791901
 */
export async function closeOrder(line: Line, { outTradeNo }: OrderQuery): Promise<ClosedFacts> {
  const number = named('outTradeNo', outTradeNo)
  const { mchId } = line.merchant
  const asked = callV3(line, {
    method: 'POST',
    target: `${BY_ORDER}${pathPart(number)}/close`,
    body: { mchid: mchId },
    repeat: 'safe',
  })
  await unlessUnknown(asked, 'ORDER_CLOSED')
  return { mchId, outTradeNo: number }
}

/** A number that this call cannot do without. */
export function named(field: 'outTradeNo' | 'outRefundNo', value: string | undefined): string {
  if (value !== undefined) return value
  throw invalidParam(field, 'required here, WeChat Pay V3 asks for it by this number alone')
}
