import type { Clock } from '../../shared/clock.js'
import type { FetchedToken, TokenMode } from '../../shared/token/lease.js'

const LIFE_MS = 7_200_000
const LAST_MINUTES_MS = 300_000

/** The other end as WeChat documents it, counting what it is asked. */
export interface Provider {
  /** Whether each fetch was forced, in order. */
  fetches: boolean[]
  fetch(how: { forced: boolean; timeoutMs: number }): Promise<FetchedToken>
  /** From now on the current token is refused, though `stable` goes on giving it. */
  refuseCurrent(): void
  refuses(token: string): boolean
}

export function provider(clock: Clock, mode: TokenMode, answerMs = 200): Provider {
  let made = 0
  let current = { token: '', expiresAt: 0 }
  const refused = new Set<string>()
  const fetches: boolean[] = []
  return {
    fetches,
    async fetch({ forced }) {
      fetches.push(forced)
      await clock.sleep(answerMs)
      const old = current.expiresAt - clock.now() <= LAST_MINUTES_MS
      if (mode === 'plain' || forced || old) {
        current = { token: `token-${++made}`, expiresAt: clock.now() + LIFE_MS }
      }
      return { token: current.token, expiresInSeconds: (current.expiresAt - clock.now()) / 1000 }
    },
    refuseCurrent: () => void refused.add(current.token),
    refuses: (token) => refused.has(token),
  }
}
