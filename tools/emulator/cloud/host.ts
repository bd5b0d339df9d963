import { type Clock, type Random, systemClock, systemRandom } from '../../../shared/clock.js'
import { environmentSource, type SettingName, Settings, settingInfo } from '../../../shared/config/index.js'
import { HOST, type Host } from '../../../shared/runtime/host.js'
import { maskText } from '../../../shared/runtime/log.js'
import type { Store } from '../../../shared/store/port.js'
import type { EditionName } from '../../clouds/index.js'
import type { Bundles } from './bundles.js'
import { type CloudContext, keepLine, runningFunction } from './calls.js'
import { limitsOf } from './limits.js'
import { callAsServer } from './unicloud/call.js'

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
  /** A folder of a developer's own cloud functions, `<name>/index.js` each, that run beside the built ones. */
  functions?: string
  /** The edition of uniCloud to emulate; Alibaba's unless said otherwise. */
  edition?: EditionName
  clock?: Clock
  random?: Random
  /** Receives the log lines of the local cloud and functions; standard output unless said otherwise. */
  log?: (line: string) => void
  /** Whether timers run by themselves; off unless said otherwise. */
  schedules?: boolean
}

let isInstalled = false

/** What the doors share. `pending` gathers the work that closing has to wait for. */
export function cloudContext(
  {
    clock = systemClock,
    random = systemRandom,
    env,
    log = console.log,
    edition = 'aliyun',
  }: LocalCloudOptions,
  bundles: Bundles,
  closing: AbortSignal,
  pending: Set<Promise<unknown>>,
): CloudContext {
  const names = new Set(Object.keys(settingInfo) as SettingName[])
  const secrets = new Settings([environmentSource(env)], names).secrets()
  const mask = (text: string) => maskText(text, secrets)
  return {
    ...{ bundles, clock, random, closing, mask, limits: limitsOf(edition) },
    log: (line) => log(mask(line)),
    background(work) {
      const settled = work.catch(() => undefined).finally(() => pending.delete(settled))
      pending.add(settled)
    },
  }
}

/**
 * Puts the seam in place before the first function loads; answers how to take it away. Throws when another local cloud
 * of this process sits there: the functions find their host on `globalThis`, which has one place.
 */
export function installHost(
  { store, env, log = console.log }: LocalCloudOptions,
  cloud: CloudContext,
): () => void {
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
  if (isInstalled) throw new Error('a local cloud runs in this process already; close it first')
  const place = globalThis as { [HOST]?: Host }
  const former = place[HOST]
  place[HOST] = host
  isInstalled = true
  const stopSurviving = surviveCrashes(cloud.log)
  return () => {
    stopSurviving()
    if (former) place[HOST] = former
    else delete place[HOST]
    isInstalled = false
  }
}

/**
 * Keeps the local cloud alive when a function fails outside of any call: in a timer callback, or by a promise nobody
 * waits for. Everything else is left to whoever else listens, or ends the process as Node.js would without us.
 * Answers how to stop.
 */
export function surviveCrashes(log: (line: string) => void): () => void {
  const survived = (error: unknown): boolean => {
    const name = runningFunction()
    if (name === undefined) return false
    log(`${name} failed outside of a call: ${error instanceof Error ? error.stack : String(error)}`)
    return true
  }
  const onException = (error: unknown) => {
    if (survived(error) || process.listenerCount('uncaughtException') > 1) return
    console.error(error)
    process.exit(1)
  }
  const onRejection = (reason: unknown) => {
    if (survived(reason) || process.listenerCount('unhandledRejection') > 1) return
    throw reason
  }
  process.on('uncaughtException', onException)
  process.on('unhandledRejection', onRejection)
  return () => {
    process.off('uncaughtException', onException)
    process.off('unhandledRejection', onRejection)
  }
}
