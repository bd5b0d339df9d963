import { type CollectionKey, EXPIRY_GRACE_MS } from './collections.js'
import type { Documents } from './documents.js'

const SWEEP_EVERY_MS = 10 * 60 * 1000

/**
 * Forgets expired documents on the way, since no function of its own does: whoever writes gives the time, and most
 * calls find that it was done a moment ago. Awaited, because a cloud freezes what runs after the answer.
 */
export function sweeper(documents: Documents, collection: CollectionKey): (now: number) => Promise<void> {
  let sweptAt = Number.NEGATIVE_INFINITY
  return async (now) => {
    if (now - sweptAt < SWEEP_EVERY_MS) return
    sweptAt = now
    await documents.expire(collection, now - EXPIRY_GRACE_MS)
  }
}
