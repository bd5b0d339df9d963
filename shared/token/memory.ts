import { isFromFuture } from '../clock.js'
import type { TokenRecord, TokenStore } from '../store/port.js'
import { latestEnd } from '../store/tokens.js'

/** The tokens that one process remembers, shared by all its keepers. */
export interface TokenMemory {
  readonly records: Map<string, TokenRecord>
  /** The one search per key that is under way; whoever else needs that token waits for it. */
  readonly flights: Map<string, Promise<TokenRecord>>
  /** Stands in for the store where there is none. */
  readonly tokens: TokenStore
}

/** A separate memory: a test gives one to each instance it simulates. */
export const createTokenMemory = (): TokenMemory => ({
  records: new Map(),
  flights: new Map(),
  tokens: localTokens(),
})

/** Shared by every keeper of this process. */
export const processMemory: TokenMemory = createTokenMemory()

interface Kept {
  record?: TokenRecord
  owner: string
  leaseUntil: number
  forcedAt: number
  forcedDay: number
  forcedCount: number
}

/** Takes the place of the store where there is none: the same contract within one process. */
export function localTokens(): TokenStore {
  const kept = new Map<string, Kept>()
  const of = (key: string): Kept => {
    const known = kept.get(key) ?? { owner: '', leaseUntil: 0, forcedAt: 0, forcedDay: 0, forcedCount: 0 }
    kept.set(key, known)
    return known
  }
  return {
    read: async (key) => of(key).record,
    async view(key) {
      const { record, leaseUntil } = of(key)
      return record ? { record, leaseUntil } : { leaseUntil }
    },
    async acquire(key, owner, now, until) {
      const { leaseUntil } = of(key)
      if (leaseUntil > now && leaseUntil <= latestEnd(now, until - now)) return false
      Object.assign(of(key), { owner, leaseUntil: until })
      return true
    },
    async write(record, owner, now) {
      const { owner: holder, leaseUntil } = of(record.key)
      if (holder !== owner || leaseUntil <= now) return false
      Object.assign(of(record.key), { record, leaseUntil: 0 })
      return true
    },
    async release(key, owner) {
      if (of(key).owner === owner) of(key).leaseUntil = 0
    },
    async takeForced(key, now, { minGapMs, perDay, dayStart }) {
      const { forcedAt, forcedDay, forcedCount } = of(key)
      const taken = forcedDay === dayStart ? forcedCount : 0
      const isAhead = isFromFuture(forcedAt, now)
      if (!isAhead && (forcedAt > now - minGapMs || taken >= perDay)) return false
      const count = isAhead ? 1 : taken + 1
      Object.assign(of(key), { forcedAt: now, forcedDay: dayStart, forcedCount: count })
      return true
    },
  }
}
