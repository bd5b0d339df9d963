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
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** When WeChat Pay comes again with a notice that was not understood: milliseconds between attempts, 24 h 4 m in all. */
export const NOTICE_WAITS: readonly number[] = [
  ...[15 * SECOND, 15 * SECOND, 30 * SECOND],
  ...[3 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 30 * MINUTE, 30 * MINUTE, 60 * MINUTE],
  ...[3 * HOUR, 3 * HOUR, 3 * HOUR, 6 * HOUR, 6 * HOUR],
]
