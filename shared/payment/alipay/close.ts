import { callAlipay } from '../../alipay/gateway.js'
import type { AlipayApp } from '../../config/alipayApp.js'
import { OpenapiError, ORDER_PAID, openapiError } from '../../errors/index.js'
import { omitUndefined } from '../../operation/operation.js'
import {
  type CancelledFacts,
  type ClosedFacts,
  isPaid,
  type OrderQuery,
  type ProviderDependencies,
} from '../provider.js'
import { checkSubject, orderNumber, orderQuery } from './query.js'
import { type Said, saidIn } from './said.js'

const closed = ({ appId }: AlipayApp, said: Said): ClosedFacts =>
  omitUndefined({ appId, outTradeNo: said('out_trade_no'), transactionId: said('trade_no') })

/**
 * Closes an order nobody has paid; one that is closed already is closed, of one that is paid ORDER_PAID says so. An app
 * order whose cashier nobody has opened does not exist yet and cannot be closed: only its expiry ends it.
 * https://opendocs.alipay.com/open/ce0b4954_alipay.trade.close
 */
export async function closeOrder(
  app: AlipayApp,
  dependencies: ProviderDependencies,
  query: OrderQuery,
): Promise<ClosedFacts> {
  const call = { method: 'alipay.trade.close', bizContent: orderNumber(query), repeat: 'safe' } as const
  try {
    const said = saidIn((await callAlipay(app, call, dependencies)).fields)
    checkSubject(said, query)
    return closed(app, said)
  } catch (error) {
    if (!isPastClosing(error)) throw error
    const facts = await orderQuery(app, dependencies, query).then(
      (answer) => answer?.facts,
      () => undefined,
    )
    if (facts && isPaid(facts)) throw openapiError(ORDER_PAID)
    if (facts?.tradeState !== 'CLOSED') throw error
    const { outTradeNo, transactionId } = facts
    return omitUndefined({ appId: app.appId, outTradeNo, transactionId })
  }
}

/** Closed or paid: which of them, these words do not tell. */
const NOT_WAITING: ReadonlySet<unknown> = new Set([
  ...['ACQ.TRADE_STATUS_ERROR', 'ACQ.TRADE_HAS_CLOSE'],
  ...['ACQ.REASON_TRADE_STATUS_INVALID', 'ACQ.REASON_ILLEGAL_STATUS'],
])

const isPastClosing = (error: unknown): boolean =>
  error instanceof OpenapiError && NOT_WAITING.has(error.errCode) && error.outcome === 'failed'

/** `retry_flag` asks for the same call again; more often than this it is not going to help. */
const MAX_CALLS = 3

/**
 * Ends a payment whose outcome is unknown: an unpaid order is closed, a paid one is given back whole. `action` says
 * which, and is absent when Alipay found no order. https://opendocs.alipay.com/open/13399511_alipay.trade.cancel
 */
export async function cancelOrder(
  app: AlipayApp,
  dependencies: ProviderDependencies,
  query: OrderQuery,
): Promise<CancelledFacts> {
  const call = {
    ...{ method: 'alipay.trade.cancel', bizContent: orderNumber(query) },
    ...({ repeat: 'safe', movesMoney: true } as const),
  }
  for (let calls = 1; calls <= MAX_CALLS; calls++) {
    const said = saidIn((await callAlipay(app, call, dependencies)).fields)
    checkSubject(said, query)
    const action = said('action')
    if (said('retry_flag') !== 'Y') {
      return { ...closed(app, said), ...(action === 'close' || action === 'refund' ? { action } : {}) }
    }
  }
  throw new OpenapiError({
    errCode: 'CANCEL_UNFINISHED',
    errMsg:
      'Alipay has not finished cancelling and asks to be called again; query the order, then cancel again',
    advice: 'retry',
    outcome: 'unknown',
    status: 502,
  })
}
