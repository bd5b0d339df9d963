import { DAY_MS, fromBeijing } from '../clock.js'
import { hasCode, openapiError, TRANSACTION_TAKEN } from '../errors/index.js'
import { type Documents, type Filter, MAX_PAGE, put } from './documents.js'
import { sweeper } from './expiring.js'
import type {
  DueEvent,
  EventStore,
  NoticeRecord,
  NoticeStore,
  OrderKey,
  OrderRecord,
  OrderStore,
} from './port.js'
import { dueIn, type Revisions, revisions } from './revisions.js'

/** Under what an order is kept. */
export const orderId = ({ provider, merchantId, outTradeNo }: OrderKey) =>
  `${provider}:${merchantId}:${outTradeNo}`
const transactionKey = (provider: string, transactionId: string) => `${provider}:${transactionId}`

export const orderRevisions = (documents: Documents): Revisions<OrderRecord> =>
  revisions<OrderRecord>(documents, {
    collection: 'orders',
    id: orderId,
    optional: {
      openid: true,
      payTokenHash: true,
      attach: true,
      parameters: true,
      extra: true,
      payerIp: true,
      notifyUrl: true,
      transactionId: true,
      cashFee: true,
      payerOpenid: true,
      timeEnd: true,
      expiresAt: true,
      ...{ nextQueryAt: true, plannedAt: true, queries: true, queriedAt: true },
    },
    derived: {
      // Always filled: in a unique index that is not sparse two orders without it would be taken for the same.
      transactionKey: (order) =>
        order.transactionId === undefined
          ? `unpaid:${orderId(order)}`
          : transactionKey(order.provider, order.transactionId),
      paidKey,
      refundKey,
      deliveredAt,
    },
  })

export function orderStore(orders: Revisions<OrderRecord>): OrderStore {
  return {
    create: (order) => orders.insert(order),
    find: (key) => orders.get(orderId(key)),
    async findByTransaction(provider, transactionId) {
      const filter = { transactionKey: transactionKey(provider, transactionId) }
      const [order] = await orders.find(filter, { limit: 1 })
      return order
    },
    paidFrom: ({ provider, merchantId }, key, limit) =>
      orders.find(
        { provider, merchantId, paidKey: { $gt: key - 1 } },
        { sort: 'paidKey', limit: Math.min(limit, MAX_PAGE) },
      ),
    refundedFrom: ({ provider, merchantId }, key, limit) =>
      orders.find(
        { provider, merchantId, refundKey: { $gt: key - 1 } },
        { sort: 'refundKey', limit: Math.min(limit, MAX_PAGE) },
      ),
    waiting: ({ provider, merchantId }, now, limit) =>
      orders.find(
        { provider, merchantId, nextQueryAt: { $lte: now } },
        { sort: 'nextQueryAt', limit: Math.min(limit, MAX_PAGE) },
      ),
    findByOutTradeNo: (outTradeNo) => orders.find({ outTradeNo }, { limit: MAX_PAGE }),
    async replace(order) {
      try {
        return await orders.replace(order)
      } catch (error) {
        if (!hasCode(error, 'UNIQUE_KEY_TAKEN')) throw error
        throw openapiError(TRANSACTION_TAKEN, {}, { cause: error })
      }
    },
  }
}

/** When the first of the delivered events that are kept was delivered. */
function deliveredAt({ events }: OrderRecord): number | undefined {
  const times = events.flatMap(({ state, endedAt = 0 }) => (state === 'delivered' ? [endedAt] : []))
  return times.length === 0 ? undefined : Math.min(...times)
}

/** At most: KEEP_DAYS may say less. */
const REFUSED_KEPT_MS = 30 * DAY_MS

/** Under what a notice is kept. */
export const noticeId = ({ id }: NoticeRecord): string => id

export const noticeRevisions = (documents: Documents): Revisions<NoticeRecord> =>
  revisions<NoticeRecord>(documents, {
    collection: 'notices',
    id: noticeId,
    optional: {
      ...{ verdict: true, said: true, appliedAt: true },
      ...{ outRefundNo: true, confirmAt: true, plannedAt: true, confirms: true },
    },
  })

export function noticeStore(documents: Documents, notices: Revisions<NoticeRecord>): NoticeStore {
  const sweep = sweeper(documents, 'refused')
  return {
    async receive(notice) {
      if (await notices.insert(notice)) return notice
      return (await notices.get(notice.id)) ?? notice
    },
    find: (id) => notices.get(id),
    replace: (notice) => notices.replace(notice),
    unconfirmed: (now, limit) =>
      notices.find({ confirmAt: { $lte: now } }, { sort: 'confirmAt', limit: Math.min(limit, MAX_PAGE) }),
    async keepRefused({ slot, ...refused }) {
      await sweep(refused.at)
      const expiresAt = refused.at + REFUSED_KEPT_MS
      await put(documents, 'refused', { _id: String(slot), ...refused, expiresAt })
    },
  }
}

export function eventStore(orders: Revisions<OrderRecord>, notices: Revisions<NoticeRecord>): EventStore {
  const inBoth = async (filter: Filter, sort: string, wanted: number): Promise<DueEvent['source'][]> => {
    const selection = { sort, limit: Math.min(wanted, MAX_PAGE) }
    const [someOrders, someNotices] = await Promise.all([
      orders.find(filter, selection),
      notices.find(filter, selection),
    ])
    return [
      ...someOrders.map((record) => ({ kind: 'order', record }) as const),
      ...someNotices.map((record) => ({ kind: 'notice', record }) as const),
    ]
  }
  return {
    async due(now, limit) {
      const sources = await inBoth({ nextEventAt: { $lte: now } }, 'nextEventAt', limit)
      return sources
        .flatMap((source) => dueIn(source, now) ?? [])
        .sort((one, other) => (one.event.dueAt ?? 0) - (other.event.dueAt ?? 0))
        .slice(0, limit)
    },
    planned: (at, limit) => inBoth({ lastPlannedAt: { $gt: at } }, 'lastPlannedAt', limit),
  }
}

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
