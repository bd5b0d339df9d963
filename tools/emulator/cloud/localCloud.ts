import { systemClock } from '../../../shared/clock.js'
import { openBundles } from './bundles.js'
import { cloudContext, installHost, type LocalCloudOptions } from './host.js'
import { routesOf, URL_PREFIX } from './routes.js'
import { isLoopback, listen } from './server.js'
import { timersOf } from './timers.js'

export interface LocalCloud {
  /** Such as `http://127.0.0.1:9000`. */
  url: string
  port: number
  /** Runs a scheduled function now and answers its result; rejects for a function without a schedule. */
  fire(timerName: string): Promise<unknown>
  /** Stops listening, lets calls and timers under way finish (5 s at most), forgets the functions. */
  close(): Promise<void>
}

/** How long `close()` waits for functions that still run, in milliseconds. */
const PATIENCE_MS = 5000

/**
 * Starts the local cloud over built functions. One at a time in a process, since the functions find their host on
 * `globalThis`. Throws when `dist` was not built, the address is not a loopback one, or the port is taken.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const { port = 0, host = '127.0.0.1', dist } = options
  const env = { ...options.env }
  if (!isLoopback(host)) throw new Error(`the local cloud listens on loopback addresses only, not on ${host}`)
  const bundles = openBundles(dist)
  const closing = new AbortController()
  const pending = new Set<Promise<unknown>>()
  const cloud = cloudContext(options, bundles, closing.signal, pending)
  const timers = timersOf(cloud)
  const origins = (env.CLIENT_ORIGINS ?? '').split(',').flatMap((each) => each.trim() || [])
  const leave = installHost({ ...options, env }, cloud)
  const listening = await listen(cloud, routesOf(cloud, timers), { host, port, origins }).catch(
    (error: unknown) => {
      leave()
      throw error
    },
  )
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`
  env.NOTIFY_BASE_URL ??= `${url}${URL_PREFIX}`
  if (options.schedules) timers.start()
  let closed: Promise<void> | undefined
  const close = async () => {
    closing.abort()
    await finished([listening.close(), ...pending])
    leave()
    bundles.forget()
  }
  return {
    url,
    port: listening.port,
    fire: timers.fire,
    close: () => (closed ??= close()),
  }
}

async function finished(work: readonly Promise<unknown>[]): Promise<void> {
  const done = new AbortController()
  await Promise.race([Promise.allSettled(work), systemClock.sleep(PATIENCE_MS, done.signal)])
  done.abort()
}
