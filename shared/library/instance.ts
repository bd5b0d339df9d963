import { nonce, systemClock, systemRandom } from '../clock.js'
import { type SettingName, type SettingSource, Settings } from '../config/index.js'
import { invalidParam, NO_STORE_OPTION, openapiError } from '../errors/index.js'
import { http } from '../http/http.js'
import type { Context } from '../operation/index.js'
import { currentHost } from '../runtime/host.js'
import type { Store } from '../store/port.js'
import { type Endpoints, type OptionNames, withOptionNames } from './options.js'

/** Options that every constructor takes. */
export interface CommonOptions {
  /** Milliseconds for one whole call, tokens and repeats included; 10,000 unless said otherwise. */
  timeout?: number
  /** Where tokens and certificates are shared with other processes; without one each process keeps its own. */
  store?: Store | Promise<Store>
  endpoints?: Endpoints
}

/** What the calls of one instance have in common. */
export interface Instance {
  /** Where settings are looked for, in this order. */
  sources: readonly SettingSource[]
  names: OptionNames
  timeout: number
  store?: Store | Promise<Store>
}

const DEFAULT_TIMEOUT_MS = 10_000

export function instanceOf(
  sources: readonly SettingSource[],
  names: OptionNames,
  { timeout = DEFAULT_TIMEOUT_MS, store }: CommonOptions,
): Instance {
  if (!Number.isFinite(timeout) || timeout <= 0) throw invalidParam('timeout', 'expected milliseconds')
  if (store !== undefined && (typeof store !== 'object' || store === null)) {
    throw invalidParam('store', 'expected what openMongoStore(uri) or openUniCloudStore(database) answers')
  }
  return { sources, names, timeout, ...(store === undefined ? {} : { store }) }
}

/** The context of one call that may read `settings`. Nothing is logged: the library's users have logs of their own. */
export function contextOf(
  { sources, timeout, store }: Instance,
  settings: readonly SettingName[],
  more: Partial<Context> = {},
): Context {
  const { clock = systemClock, random = systemRandom } = currentHost()
  const deadline = clock.now() + timeout
  return {
    source: 'server',
    settings: new Settings(sources, new Set(settings)),
    store: async () => store ?? Promise.reject(openapiError(NO_STORE_OPTION)),
    hasStore: store !== undefined,
    http,
    clock,
    random,
    timeLeft: () => deadline - clock.now(),
    requestId: nonce(random, 16),
    note: () => undefined,
    upstream: () => undefined,
    ...more,
  }
}

/** Runs a call of the library; its errors name options in place of the settings that stand for them. */
export async function callWithOptionNames<Result>(
  { names }: Pick<Instance, 'names'>,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw withOptionNames(error, names)
  }
}
