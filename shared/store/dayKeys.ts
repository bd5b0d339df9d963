import { fromBeijing } from '../clock.js'
import type { OrderKey, OrderRecord } from './paymentPort.js'

/**
 * Numbers under which orders are found in the order of time, a page at a time: the second, then a hash, so that orders of
 * one second hardly ever share one. They lie beside the order for an index; orders written before there was such a
 * number get it with their next change.
 */

const HASHES = 2 ** 21

/** The least number of a moment, in milliseconds. */
export const keyFrom = (ms: number): number => Math.floor(ms / 1000) * HASHES

const keyOf = (ms: number, order: OrderKey): number => keyFrom(ms) + (hash(order.outTradeNo) % HASHES)

/** When an order was paid, in ms: as the provider said, else when it was written down. Undefined while it is unpaid. */
export function paidAt({ transactionId, timeEnd, history }: OrderRecord): number | undefined {
  if (transactionId === undefined) return undefined
  const said = timeEnd === undefined ? Number.NaN : fromBeijing(timeEnd)
  if (!Number.isNaN(said)) return said
  return history.find(({ to }) => to === 'PAID' || to === 'REFUNDED')?.at
}

export function paidKey(order: OrderRecord): number | undefined {
  const at = paidAt(order)
  return at === undefined ? undefined : keyOf(at, order)
}

/** By the latest of its refunds that were asked for here. */
export function refundKey(order: OrderRecord): number | undefined {
  const asked = order.refunds.filter(({ attempts }) => attempts > 0)
  if (asked.length === 0) return undefined
  return keyOf(Math.max(...asked.map(({ requestedAt }) => requestedAt)), order)
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}
