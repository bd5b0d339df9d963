import { opaqueToken } from '../../../shared/clock.js'
import type { Cloud } from './calls.js'
import { LIMITS } from './limits.js'

export interface AnonymousTokens {
  issue(): string
  isGood(token: unknown): boolean
}

/**
 * The access tokens a client gets without logging in. They are kept in memory: a restarted local cloud knows none, the
 * client is told GATEWAY_INVALID_TOKEN, and asks for another by itself.
 */
export function anonymousTokens({ clock, random }: Pick<Cloud, 'clock' | 'random'>): AnonymousTokens {
  const expiry = new Map<string, number>()
  return {
    issue() {
      const now = clock.now()
      for (const [token, expiresAt] of expiry) if (expiresAt <= now) expiry.delete(token)
      const token = opaqueToken(random)
      expiry.set(token, now + LIMITS.anonymousTokenSeconds * 1000)
      return token
    },
    isGood: (token) => typeof token === 'string' && (expiry.get(token) ?? 0) > clock.now(),
  }
}
