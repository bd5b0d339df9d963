import type { Clock } from '../clock.js'
import { cloudSources, environmentSource, type SettingName, Settings } from '../config/index.js'
import { FUNCTION_NOT_CALLED, invalidParam, openapiError } from '../errors/index.js'
import { currentHost, type Host } from '../runtime/host.js'
import { maskText } from '../runtime/log.js'
import type { Store } from '../store/port.js'
import type { MerchantEvent, OpenapiOptions } from './options.js'
import { openNamedStore } from './stores.js'

/** What the calls of one server have in common. */
export interface ServerHost {
  /** What is known before the store is open. */
  readonly now: Host
  store(): Promise<Store>
  /** The host of a call. Its store opens meanwhile; one that cannot be had fails what needs it. */
  ready(): Host
  /** What answers no function has. */
  readonly settings: Settings
  log(text: string): void
  /** Closes the store if it was opened here. */
  close(): Promise<void>
}

const NUMBERED = /^\d+$/

/** The options, or INVALID_PARAM that names the first one that cannot be. */
export function checkedOptions(options: OpenapiOptions): OpenapiOptions {
  const { basePath = '', trustProxy = false, store, settings, functions = {} } = options
  if (!/^(\/[\w.~-]+)*$/.test(basePath)) {
    throw invalidParam('basePath', 'expected a path such as /openapi, without a slash at its end')
  }
  if (typeof trustProxy !== 'boolean' && !NUMBERED.test(String(trustProxy))) {
    throw invalidParam('trustProxy', 'expected true, or how many proxies stand in front')
  }
  if (store !== undefined && (typeof store !== 'object' || store === null)) {
    throw invalidParam('store', 'expected what openMongoStore(uri) or openEmbeddedStore(folder) answers')
  }
  if (settings !== undefined && (typeof settings !== 'object' || settings === null)) {
    throw invalidParam('settings', 'expected an object, settings by their names')
  }
  for (const [name, fn] of Object.entries(functions)) {
    if (typeof fn !== 'function') throw invalidParam(`functions.${name}`, 'expected a function')
  }
  return options
}

/** The host of a server's calls. The store that `MONGODB_URI` names is opened at the first call. */
export function hostOf(options: OpenapiOptions, clock: Clock): ServerHost {
  const { settings, functions = {}, log = console.log } = options
  const sources = settings ? [environmentSource(settings)] : cloudSources()
  const own = new Settings(sources, new Set<SettingName>(['MONGODB_URI', 'CLIENT_ORIGINS']))
  const now: Host = {
    ...currentHost(),
    ...(settings ? { env: settings } : {}),
    ...{ clock, log },
    async callFunction(name, data) {
      const fn = Object.hasOwn(functions, name) ? functions[name] : undefined
      if (!fn) throw openapiError(FUNCTION_NOT_CALLED, { target: name, problem: 'is not among functions' })
      return await fn(data as MerchantEvent)
    },
  }
  let opened: Promise<Store> | undefined
  const store = (): Promise<Store> => {
    if (options.store) return Promise.resolve(options.store)
    opened ??= openNamedStore(own).catch((error: unknown) => {
      // The next call tries again.
      opened = undefined
      throw error
    })
    return opened
  }
  return {
    now,
    store,
    settings: own,
    ready() {
      const opening = store()
      // Who needs it learns of its failure; nobody may, and that ends no process.
      opening.catch(() => undefined)
      return { ...now, store: opening }
    },
    log: (text) => log(maskText(text, own.secrets())),
    close: async () => (await opened)?.close(),
  }
}
