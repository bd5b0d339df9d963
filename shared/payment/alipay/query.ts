import { unverified } from '../../alipay/exchange.js'
import { callAlipay } from '../../alipay/gateway.js'
import type { AlipayApp } from '../../config/alipayApp.js'
import { invalidParam, OpenapiError } from '../../errors/index.js'
import type { OrderQuery, ProviderDependencies, QueryAnswer } from '../provider.js'
import { paymentFacts, tradeState } from './facts.js'
import { type Said, saidIn } from './said.js'

/** An order's name on the wire; Alipay's own number wins where both are known. */
export function orderNumber({ outTradeNo, transactionId }: OrderQuery): Record<string, string> {
  if (transactionId !== undefined) return { trade_no: transactionId }
  if (outTradeNo !== undefined) return { out_trade_no: outTradeNo }
  throw invalidParam('outTradeNo', 'required, or transactionId')
}

/** An authentic answer about another order is still no answer to this question. */
export function checkSubject(said: Said, query: OrderQuery): void {
  const isAboutIt = Object.entries(orderNumber(query)).every(([name, number]) => said(name) === number)
  if (!isAboutIt) throw unverified('an answer about another order')
}

/** What Alipay answers when it knows no such order. */
export const isUnknownTrade = (error: unknown): boolean =>
  error instanceof OpenapiError && error.errCode === 'ACQ.TRADE_NOT_EXIST' && error.outcome === 'failed'

/** https://opendocs.alipay.com/open/82ea786a_alipay.trade.query */
export async function orderQuery(
  app: AlipayApp,
  dependencies: ProviderDependencies,
  query: OrderQuery,
): Promise<QueryAnswer | undefined> {
  const call = { method: 'alipay.trade.query', bizContent: orderNumber(query), repeat: 'safe' } as const
  const answer = await callAlipay(app, call, dependencies).catch((error: unknown) => {
    if (isUnknownTrade(error)) return undefined
    throw error
  })
  if (!answer) return undefined
  const said = saidIn(answer.fields)
  checkSubject(said, query)
  const state = tradeState(said)
  const facts = state && paymentFacts(app.appId, said, state)
  if (!facts) throw unverified('an answer without what it should say')
  return { facts, raw: answer.raw }
}
