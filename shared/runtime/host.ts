import type { Clock, Random } from '../clock.js'
import type { Store } from '../store/port.js'

/**
 * The one seam for whoever runs the bundles: the local cloud and the tests put this under {@link HOST} on
 * `globalThis` before a call. In the clouds it is absent, and every part falls back to the real thing.
 */
export interface Host {
  /**
   * Opened once by the host, so that no bundle holds the embedded store. What rejects is the error of whoever needs the
   * store: no other is opened in its place.
   */
  store?: Store | Promise<Store>
  clock?: Clock
  random?: Random
  /** Stands in for `process.env`. */
  env?: Record<string, string | undefined>
  /** Receives the log lines instead of standard output. */
  log?: (line: string) => void
  /** Calls another function of the same deployment as the merchant's server would. */
  callFunction?: (name: string, data: object) => Promise<unknown>
  /** Where the API of Function Compute is, for functions that call others through it. */
  functionCompute?: string
}

export const HOST = Symbol.for('unicloud-openapi.host')

export const currentHost = (): Host => (globalThis as { [HOST]?: Host })[HOST] ?? {}
