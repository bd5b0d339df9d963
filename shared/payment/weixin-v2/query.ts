import { OpenapiError } from '../../errors/index.js'
import {
  type OrderQuery,
  type ProviderDependencies,
  type QueryAnswer,
  type TradeState,
  tradeStates,
} from '../provider.js'
import { unverified } from '../weixin/failure.js'
import { callV2, type V2Answer } from './call.js'
import { paymentFacts } from './facts.js'
import type { V2Merchant } from './merchant.js'

/**
 * Asks for an order by either number. `result_code` SUCCESS only says that the query worked.
 * https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_2
 */
export async function orderQuery(
  merchant: V2Merchant,
  dependencies: ProviderDependencies,
  appid: string,
  { outTradeNo, transactionId }: OrderQuery,
): Promise<QueryAnswer | undefined> {
  const number =
    transactionId === undefined ? { out_trade_no: outTradeNo } : { transaction_id: transactionId }
  let answer: V2Answer
  try {
    answer = await callV2(merchant, dependencies, '/pay/orderquery', { appid, ...number })
  } catch (error) {
    if (error instanceof OpenapiError && error.errCode === 'ORDERNOTEXIST') return undefined
    throw error
  }
  const facts = paymentFacts(answer.fields, stateOf(answer.fields.get('trade_state')))
  // An authentic answer about another order is still no answer to this question.
  const aboutIt =
    transactionId === undefined ? facts?.outTradeNo === outTradeNo : facts?.transactionId === transactionId
  if (!facts || !aboutIt) throw unverified('an answer about something else')
  return { facts, raw: answer.raw }
}

function stateOf(word: string | undefined): TradeState {
  const known = tradeStates.find((state) => state === word)
  if (known === undefined || known === 'FINISHED') throw unverified('a trade_state that is not known')
  return known
}
