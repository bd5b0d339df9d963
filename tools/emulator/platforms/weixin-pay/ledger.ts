import type { PlatformContext } from '../contract.js'
import { orderView, refundView, type Version } from './order.js'
import { Orders } from './orders.js'
import { Refunds } from './refunds.js'

/** The books of one merchant at WeChat Pay, which V2 and V3 both write. */
export interface Ledger {
  readonly orders: Orders
  readonly refunds: Refunds
}

/** What both versions of WeChat Pay stand on. */
export interface PayContext extends PlatformContext {
  readonly ledger: Ledger
}

export const newLedger = ({ clock, random, firstNumber, schedule, deliveries }: PlatformContext): Ledger => ({
  orders: new Orders(clock, random, firstNumber),
  refunds: new Refunds(clock, schedule, deliveries, firstNumber),
})

/** What one version of the API wrote, as it can be seen from outside. `now` in milliseconds. */
export const ledgerState = ({ orders, refunds }: Ledger, version: Version, now: number) => ({
  orders: orders
    .list()
    .filter(({ terms }) => terms.via === version)
    .map((order) => orderView(order, now)),
  refunds: refunds
    .list()
    .filter(({ request }) => request.via === version)
    .map(refundView),
})
