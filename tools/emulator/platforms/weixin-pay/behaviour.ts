import { HOUR_MS, MINUTE_MS } from '../../../../shared/clock.js'
import type { Fault } from '../faults.js'

/** What can go wrong at every API of either version. */
export const commonFaults: readonly Fault[] = [
  'busy',
  'busy-acted',
  'denied',
  'unbound',
  'no-permission',
  'timeout',
  'lost',
  'html',
  'truncated',
]

const SECOND = 1000

/** When WeChat Pay comes again with a notice that was not understood: milliseconds between attempts, 24 h 4 m in all. */
export const NOTICE_WAITS: readonly number[] = [
  ...[15 * SECOND, 15 * SECOND, 30 * SECOND],
  ...[3 * MINUTE_MS, 10 * MINUTE_MS, 20 * MINUTE_MS, 30 * MINUTE_MS, 30 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS],
  ...[3 * HOUR_MS, 3 * HOUR_MS, 3 * HOUR_MS, 6 * HOUR_MS, 6 * HOUR_MS],
]
