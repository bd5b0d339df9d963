import { type Clock, type Random, systemClock, systemRandom } from '../../shared/clock/index.js'
import { environmentSource, type SettingName, Settings, settingInfo } from '../../shared/config/index.js'
import { HOST, type Host } from '../../shared/runtime/host.js'
import { maskText } from '../../shared/runtime/log.js'
import type { Store } from '../../shared/store/port.js'
import { openBundles } from './bundles.js'
import { type Cloud, keepLine } from './calls.js'
import { surviveCrashes } from './crash.js'
import { isLoopback } from './guard.js'
import { routesOf } from './routes.js'
import { listen } from './server.js'
import { timersOf } from './timers.js'
import { callAsServer } from './unicloud.js'

export interface GatewayOptions {
  /** 0, the default, takes a free port. */
  port?: number
  /** A loopback address; 127.0.0.1 unless said otherwise. */
  host?: string
  /** The folder that holds `functions.json` and `functions/`. */
  dist: string
  /** The functions' settings; the process environment is not read. */
  env: Record<string, string>
  /** Opened and closed by the caller. Without one the functions open their own, which needs `MONGODB_URI`. */
  store?: Store
  clock?: Clock
  random?: Random
  /** Receives the log lines of gateway and functions; standard output unless said otherwise. */
  log?: (line: string) => void
  /** Whether timers run by themselves; off unless said otherwise. */
  schedules?: boolean
}

export interface Gateway {
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

let isRunning = false

/**
 * Starts the local cloud over built functions. One at a time in a process, since the functions find their host on
 * `globalThis`. Throws when `dist` was not built, the address is not a loopback one, or the port is taken.
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { port = 0, host = '127.0.0.1', dist, env } = options
  if (!isLoopback(host)) throw new Error(`the gateway listens on loopback addresses only, not on ${host}`)
  if (isRunning) throw new Error('a gateway runs in this process already; close it first')
  const bundles = openBundles(dist)
  const closing = new AbortController()
  const pending = new Set<Promise<unknown>>()
  const cloud = cloudOf(options, bundles, closing.signal, pending)
  const timers = timersOf(cloud)
  const origins = (env.CLIENT_ORIGINS ?? '').split(',').flatMap((each) => each.trim() || [])
  const leave = enter(options, cloud)
  const listening = await listen(cloud, routesOf(cloud, timers), { host, port, origins }).catch(
    (error: unknown) => {
      leave()
      throw error
    },
  )
  if (options.schedules) timers.start()
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`,
    port: listening.port,
    fire: timers.fire,
    async close() {
      closing.abort()
      await finished([listening.close(), ...pending])
      leave()
      bundles.forget()
    },
  }
}

function cloudOf(
  { clock = systemClock, random = systemRandom, env, log = console.log }: GatewayOptions,
  bundles: Cloud['bundles'],
  closing: AbortSignal,
  pending: Set<Promise<unknown>>,
): Cloud {
  const names = new Set(Object.keys(settingInfo) as SettingName[])
  const secrets = new Settings([environmentSource(env)], names).secrets()
  const mask = (text: string) => maskText(text, secrets)
  return {
    ...{ bundles, clock, random, closing, mask },
    log: (line) => log(mask(line)),
    background(work) {
      const settled = work.catch(() => undefined).finally(() => pending.delete(settled))
      pending.add(settled)
    },
  }
}

/** Puts the seam in place before the first function loads; answers how to take it away. */
function enter({ store, env, log = console.log }: GatewayOptions, cloud: Cloud): () => void {
  const host: Host = {
    ...(store ? { store } : {}),
    clock: cloud.clock,
    random: cloud.random,
    env,
    log(line) {
      keepLine(line)
      log(line)
    },
    callFunction: (name, data) => callAsServer(cloud, name, data),
  }
  const place = globalThis as { [HOST]?: Host }
  const former = place[HOST]
  place[HOST] = host
  isRunning = true
  const stopSurviving = surviveCrashes(cloud.log)
  return () => {
    stopSurviving()
    if (former) place[HOST] = former
    else delete place[HOST]
    isRunning = false
  }
}

async function finished(work: readonly Promise<unknown>[]): Promise<void> {
  const done = new AbortController()
  await Promise.race([Promise.allSettled(work), systemClock.sleep(PATIENCE_MS, done.signal)])
  done.abort()
}
