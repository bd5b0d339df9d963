import type { X509Certificate } from 'node:crypto'
import { type Clock, DAY_MS } from '../../shared/clock.js'

/** Renewing takes a while: it needs whoever may use the console. */
const SOON_DAYS = 30

export interface Expiry {
  /** Absent while there is time. */
  state: 'expired' | 'expires-soon' | undefined
  /** The last day, `yyyy-MM-dd` in UTC. */
  until: string
  /** Whole days that are left. */
  days: number
}

/** How a certificate stands. */
export function expiryOf({ validTo }: Pick<X509Certificate, 'validTo'>, { now }: Clock): Expiry {
  const end = Date.parse(validTo)
  const days = Math.floor((end - now()) / DAY_MS)
  const state = end <= now() ? 'expired' : days < SOON_DAYS ? 'expires-soon' : undefined
  return { state, days, until: new Date(end).toISOString().slice(0, 10) }
}
