import { MINUTE_MS } from '../clock.js'
import { type CollectionKey, EXPIRY_GRACE_MS } from './collections.js'
import { type Documents, MAX_PAGE, put } from './documents.js'
import type { CodeRecord, CodeStore, CounterStore, SessionRecord, SessionStore } from './port.js'

const SWEEP_EVERY_MS = 10 * MINUTE_MS

/**
 * Forgets expired documents on the way, where no timer of payments does: whoever writes gives the time, and most calls
 * find that it was done a moment ago. Awaited, because a cloud freezes what runs after the answer.
 */
export function sweeper(documents: Documents, collection: CollectionKey): (now: number) => Promise<void> {
  let sweptAt = Number.NEGATIVE_INFINITY
  return async (now) => {
    if (Math.abs(now - sweptAt) < SWEEP_EVERY_MS) return
    sweptAt = now
    await documents.expire(collection, now - EXPIRY_GRACE_MS, MAX_PAGE)
  }
}

/** Logins of clients, under the hash of their token. */
export function sessionStore(documents: Documents): SessionStore {
  const sweep = sweeper(documents, 'sessions')
  return {
    async put({ tokenHash, ...session }) {
      await sweep(session.createdAt)
      await put(documents, 'sessions', { _id: tokenHash, ...session })
    },
    async find(tokenHash, now) {
      const document = await documents.get('sessions', tokenHash)
      if (!document) return undefined
      const { _id, ...session } = document as { _id: string } & Omit<SessionRecord, 'tokenHash'>
      return session.expiresAt > now ? { tokenHash: _id, ...session } : undefined
    },
    remove: (tokenHash) => documents.remove('sessions', tokenHash),
  }
}

/** Mini-program codes that were made before. */
export function codeStore(documents: Documents): CodeStore {
  const sweep = sweeper(documents, 'codes')
  return {
    async find(key, now) {
      await sweep(now)
      const document = await documents.get('codes', key)
      if (!document) return undefined
      const { _id, ...code } = document as { _id: string } & Omit<CodeRecord, 'key'>
      return code.expiresAt > now ? { key: _id, ...code } : undefined
    },
    put: ({ key, ...code }) => put(documents, 'codes', { _id: key, ...code }),
  }
}

/** How often a key was used within a window. */
export function counterStore(documents: Documents): CounterStore {
  const sweep = sweeper(documents, 'counters')
  const idOf = (key: string, windowEnd: number) => `${key}@${windowEnd}`
  const add = (id: string, count: number) => documents.update('counters', id, {}, { inc: { count } })
  return {
    async hit(key, windowEnd) {
      await sweep(windowEnd)
      const id = idOf(key, windowEnd)
      if (!(await add(id, 1))) {
        if (await documents.insert('counters', { _id: id, count: 1, expiresAt: windowEnd })) return 1
        await add(id, 1)
      }
      // Reading afterwards costs one look. Counting exactly, by compare and swap, would let a flood of calls by one
      // user make itself as many rounds as there are calls.
      const document = await documents.get('counters', id)
      return (document as { count: number } | undefined)?.count ?? 1
    },
    async takeBack(key, windowEnd) {
      await add(idOf(key, windowEnd), -1)
    },
  }
}
