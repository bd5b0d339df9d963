import { resolve } from 'node:path'
import { systemClock } from '../../../shared/clock.js'
import { openBundles } from './bundles.js'
import { cloudContext, installHost, type LocalCloudOptions } from './host.js'
import { withOwnFunctions } from './own/functions.js'
import { installUniCloud } from './own/uniCloud.js'
import { routesOf, URL_PREFIX } from './routes.js'
import { isLoopback, listen } from './server.js'
import { timersOf } from './timers.js'

export interface LocalCloud {
  /** Such as `http://127.0.0.1:9000`. */
  url: string
  port: number
  /** The names of the developer's own functions that are there now. */
  ownFunctions(): string[]
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
  const built = openBundles(dist)
  const own =
    options.functions === undefined
      ? undefined
      : withOwnFunctions(built, options.functions, resolve(dist, 'library', 'index.cjs'))
  const bundles = own ?? built
  const closing = new AbortController()
  const pending = new Set<Promise<unknown>>()
  const cloud = cloudContext(options, bundles, closing.signal, pending)
  const timers = timersOf(cloud)
  const origins = (env.CLIENT_ORIGINS ?? '').split(',').flatMap((each) => each.trim() || [])
  const leaveHost = installHost({ ...options, env }, cloud)
  const leaveUniCloud = own && installUniCloud(cloud, own.isOwn)
  const leave = () => {
    leaveUniCloud?.()
    leaveHost()
    own?.close()
  }
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
    ownFunctions: () => (own ? own.configs.map(({ name }) => name).filter(own.isOwn) : []),
    fire: timers.fire,
    close: () => (closed ??= close()),
  }
}

async function finished(work: readonly Promise<unknown>[]): Promise<void> {
  const done = new AbortController()
  await Promise.race([Promise.allSettled(work), systemClock.sleep(PATIENCE_MS, done.signal)])
  done.abort()
}
