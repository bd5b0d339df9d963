import type { Document, Documents } from './documents.js'
import type { TokenRecord, TokenStore, TokenView } from './port.js'

/** Numbers rather than absent fields: every condition below is then a plain comparison. */
const blank = { leaseUntil: 0, forcedAt: 0, forcedDay: 0, forcedCount: 0 }

interface TokenDocument extends Document, Partial<Omit<TokenRecord, 'key'>> {
  leaseUntil: number
}

export function tokenStore(documents: Documents): TokenStore {
  const view = async (key: string): Promise<TokenView> =>
    viewOf((await documents.get('tokens', key)) as TokenDocument | undefined)
  return {
    view,
    read: async (key) => (await view(key)).record,
    async acquire(key, owner, now, until) {
      const lease = { leaseOwner: owner, leaseUntil: until }
      const freed = await documents.update('tokens', key, { leaseUntil: { $lte: now } }, { set: lease })
      return freed || documents.insert('tokens', { _id: key, ...blank, ...lease })
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
      return (
        (await documents.update('tokens', key, sameDay, {
          set: { forcedAt: now },
          inc: { forcedCount: 1 },
        })) ||
        (await documents.update('tokens', key, { forcedDay: { $lt: dayStart }, ...gone }, { set: first })) ||
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
