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
