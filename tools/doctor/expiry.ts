import type { X509Certificate } from 'node:crypto'
import { type Clock, DAY_MS } from '../../shared/clock.js'

/** Renewing takes a while: it needs whoever may use the console. */
const SOON_DAYS = 30

export type Expiry = 'expired' | 'expires-soon' | undefined

/** How a certificate stands: `until` is its last day (`yyyy-MM-dd`, UTC), `days` the whole ones that are left. */
export function expiryOf(
  { validTo }: Pick<X509Certificate, 'validTo'>,
  { now }: Clock,
): { state: Expiry; until: string; days: number } {
  const end = Date.parse(validTo)
  const days = Math.floor((end - now()) / DAY_MS)
  const state = end <= now() ? 'expired' : days < SOON_DAYS ? 'expires-soon' : undefined
  return { state, days, until: new Date(end).toISOString().slice(0, 10) }
}
