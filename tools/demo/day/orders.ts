import { HOUR_MS, MINUTE_MS } from '../../../shared/clock.js'
import { type ProviderName, providerNames } from '../../emulator/platforms/index.js'

/** What the day's customers do, decided beforehand, so that every day is the same one. */

export interface PlannedOrder {
  outTradeNo: string
  provider: ProviderName
  /** When it is made and paid; milliseconds since the epoch. */
  at: number
  /** Fen. */
  totalFee: number
  /** `lost`: paid, and no notice ever comes; `late`: its notice comes an hour later. */
  fate: 'paid' | 'lost' | 'late' | 'abandoned' | 'closed'
  /** What of it is given back ten minutes later, in fen. */
  refundFee?: number
  /** Whether nobody tells of that refund either. */
  isRefundLost?: boolean
}

/** The shop is open from 8 in the morning until midnight. */
const OPEN_MS = 16 * HOUR_MS

/** The last order of the day is made half a minute before midnight and paid in its last second. */
const BEFORE_MIDNIGHT_MS = 1000

/** `count` orders of a day that begins at `opening`, those first that come first. */
export function plannedOrders(opening: number, count: number): PlannedOrder[] {
  const gap = (OPEN_MS - 30 * MINUTE_MS) / count
  const orders = Array.from({ length: count - 1 }, (_, i) => plannedOrder(i, opening + Math.round(i * gap)))
  const last = plannedOrder(0, opening + OPEN_MS - BEFORE_MIDNIGHT_MS)
  const { refundFee: _none, ...paid } = last
  return [...orders, { ...paid, outTradeNo: `day${String(count).padStart(6, '0')}`, fate: 'late' }]
}

function plannedOrder(i: number, at: number): PlannedOrder {
  const totalFee = 100 + ((i * 7919) % 9900)
  const isGivenBack = i % 10 === 5
  return {
    outTradeNo: `day${String(i + 1).padStart(6, '0')}`,
    // Another provider in each row of twenty as well, or each fate would always meet the same one.
    provider: providerNames[(i + 2 * Math.floor(i / 20)) % 3] ?? 'weixin-v3',
    ...{ at, totalFee, fate: fateOf(i) },
    ...(isGivenBack ? { refundFee: i % 20 === 5 ? totalFee : 50, isRefundLost: i % 40 === 15 } : {}),
  }
}

/** Of a hundred orders five are never told of, five are left and three are called off. */
function fateOf(i: number): PlannedOrder['fate'] {
  if (i % 20 === 3) return 'lost'
  if (i % 20 === 7) return 'abandoned'
  return i % 33 === 11 ? 'closed' : 'paid'
}
