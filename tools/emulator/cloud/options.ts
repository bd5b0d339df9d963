import type { Clock, Random } from '../../../shared/clock.js'
import type { Store } from '../../../shared/store/port.js'

export interface LocalCloudOptions {
  /** 0, the default, takes a free port. */
  port?: number
  /** A loopback address; 127.0.0.1 unless said otherwise. */
  host?: string
  /** The folder that holds `functions.json` and `functions/`. */
  dist: string
  /** The functions' settings; the process environment is not read. `NOTIFY_BASE_URL` is this local cloud's unless given. */
  env: Record<string, string>
  /** Opened and closed by the caller. Without one the functions open their own, which needs `MONGODB_URI`. */
  store?: Store
  clock?: Clock
  random?: Random
  /** Receives the log lines of the local cloud and functions; standard output unless said otherwise. */
  log?: (line: string) => void
  /** Whether timers run by themselves; off unless said otherwise. */
  schedules?: boolean
}
