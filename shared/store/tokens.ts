import { futureFrom } from '../clock.js'
import type { Document, Documents, Range } from './documents.js'
import type { TimerStore, TokenRecord, TokenStore, TokenView } from './port.js'

/** Numbers rather than absent fields: every condition below is then a plain comparison. */
const blank = { leaseUntil: 0, forcedAt: 0, forcedDay: 0, forcedCount: 0 }

interface TokenDocument extends Document, Partial<Omit<TokenRecord, 'key'>> {
  leaseUntil: number
}

/**
 * The latest end of a lease of this length that a clock which is right can have written. One that ends later was
 * taken while the clock was ahead, and holds nobody up. Milliseconds.
 */
export const latestEnd = (now: number, lengthMs: number): number => now + 2 * lengthMs

export function tokenStore(documents: Documents): TokenStore {
  const view = async (key: string): Promise<TokenView> =>
    viewOf((await documents.get('tokens', key)) as TokenDocument | undefined)
  return {
    view,
    read: async (key) => (await view(key)).record,
    async acquire(key, owner, now, until) {
      const lease = { leaseOwner: owner, leaseUntil: until }
      const takeOver = (ended: Range) =>
        documents.update('tokens', key, { leaseUntil: ended }, { set: lease })
      return (
        (await takeOver({ $lte: now })) ||
        (await takeOver({ $gt: latestEnd(now, until - now) })) ||
        documents.insert('tokens', { _id: key, ...blank, ...lease })
      )
    },
    write: ({ key, ...record }, owner, now) =>
      documents.update(
        'tokens',
        key,
        { leaseOwner: owner, leaseUntil: { $gt: now } },
        { set: { ...record, leaseUntil: 0 } },
      ),
    async release(key, owner) {
      await documents.update('tokens', key, { leaseOwner: owner }, { set: { leaseUntil: 0 } })
    },
    async takeForced(key, now, { minGapMs, perDay, dayStart }) {
      const gone = { forcedAt: { $lte: now - minGapMs } }
      const sameDay = { forcedDay: dayStart, forcedCount: { $lt: perDay }, ...gone }
      const first = { forcedAt: now, forcedDay: dayStart, forcedCount: 1 }
      const ahead = { forcedAt: { $gt: futureFrom(now) } }
      return (
        (await documents.update('tokens', key, sameDay, {
          set: { forcedAt: now },
          inc: { forcedCount: 1 },
        })) ||
        (await documents.update('tokens', key, { forcedDay: { $lt: dayStart }, ...gone }, { set: first })) ||
        (await documents.update('tokens', key, ahead, { set: first })) ||
        documents.insert('tokens', { _id: key, ...blank, ...first })
      )
    },
  }
}

function viewOf(document: TokenDocument | undefined): TokenView {
  if (!document) return { leaseUntil: 0 }
  const { _id: key, token, expiresAt, fetchedAt, leaseUntil } = document
  if (token === undefined || expiresAt === undefined || fetchedAt === undefined) return { leaseUntil }
  return { record: { key, token, expiresAt, fetchedAt }, leaseUntil }
}

/** They lie beside the leases of tokens, which every deployed space has a collection for, and which no timer is named like. */
export function timerStore(documents: Documents): TimerStore {
  return {
    async take(name, period) {
      const id = `timer:${name}`
      const change = { set: { period } }
      return (
        (await documents.update('tokens', id, { period: { $lt: period } }, change)) ||
        (await documents.update('tokens', id, { period: { $gt: period + 1 } }, change)) ||
        documents.insert('tokens', { _id: id, period })
      )
    },
  }
}
