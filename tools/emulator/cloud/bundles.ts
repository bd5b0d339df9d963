import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve, sep } from 'node:path'
import type { FunctionConfig } from '../../../shared/runtime/config.js'

/** One built function, loaded. */
export interface Bundle {
  config: FunctionConfig
  /** uniCloud's entry. */
  main(event: unknown, context: unknown): unknown
  /** Function Compute's entry. */
  handler(...args: unknown[]): unknown
}

/** The built functions of one `dist` folder, each loaded at its first use and kept: one instance per function. */
export interface Bundles {
  readonly configs: readonly FunctionConfig[]
  find(name: string): FunctionConfig | undefined
  /** The function whose URL path is the longest prefix of `path`, whole segments only, and what comes after it. */
  byPath(path: string): { config: FunctionConfig; rest: string } | undefined
  /** Throws when the bundle itself fails; the next call tries again, as a new instance in the cloud would. */
  load(config: FunctionConfig): Bundle
  /** Forgets the loaded instances, so that the next local cloud over the same folder starts cold. */
  forget(): void
}

const require = createRequire(import.meta.url)

/** Reads `functions.json` of `dist`. Throws with what to do when there is none. */
export function openBundles(dist: string): Bundles {
  const folder = resolve(dist, 'functions')
  const configs = readList(resolve(dist, 'functions.json'))
  const byName = new Map(configs.map((config) => [config.name, config]))
  const loaded = new Map<string, Bundle>()
  const forget = () => {
    loaded.clear()
    for (const file of Object.keys(require.cache)) {
      if (file.startsWith(folder + sep)) delete require.cache[file]
    }
  }
  forget()
  return {
    configs,
    forget,
    find: (name) => byName.get(name),
    byPath: (path) => longestPrefix(configs, path),
    load(config) {
      const bundle = loaded.get(config.name) ?? loadBundle(folder, config)
      loaded.set(config.name, bundle)
      return bundle
    },
  }
}

function readList(file: string): FunctionConfig[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as FunctionConfig[]
  } catch (cause) {
    throw new Error(`${file} cannot be read: run npm run build first`, { cause })
  }
}

/** The function whose path is the longest prefix of `path`, whole segments only. */
export function longestPrefix(configs: readonly FunctionConfig[], path: string) {
  const matches = configs.filter((config) => path === config.path || path.startsWith(`${config.path}/`))
  const config = matches.sort((a, b) => b.path.length - a.path.length)[0]
  return config && { config, rest: path.slice(config.path.length) || '/' }
}

function loadBundle(folder: string, config: FunctionConfig): Bundle {
  const loaded = require(join(folder, config.name, 'index.js')) as Partial<Bundle>
  const { main, handler } = loaded
  if (typeof main !== 'function' || typeof handler !== 'function') {
    // What `require` gives for CommonJS text under a `"type": "module"`: an empty object and no error.
    throw new Error(
      `${config.name}/index.js exports no main and handler; its package.json must say "type": "commonjs"`,
    )
  }
  return { config, main, handler }
}
