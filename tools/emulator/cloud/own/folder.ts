import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { FunctionConfig } from '../../../../shared/runtime/config.js'

/** A developer's own cloud functions as a uni-app project has them: `<folder>/<name>/index.js`, and `common/` beside. */

/** Where uniCloud has what functions share; no function itself. */
export const COMMON = 'common'

/**
 * Where `package.json` says nothing, in seconds and megabytes. The cloud gives a new function 5 s; here somebody may be at a
 * breakpoint.
 */
const TIMEOUT = 60
const MEMORY = 256

/** The real path of the folder. Throws, with what is expected, where there is none. */
export function ownFolder(path: string): string {
  const folder = resolve(path)
  if (existsSync(folder) && functionsIn(folder).length > 0) return realpathSync(folder)
  throw new Error(`${folder}: expected a folder of cloud functions, each as <name>/index.js`)
}

/** The names of the functions that are there now. */
const functionsIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => entry.name)
    .filter((name) => name !== COMMON && existsSync(join(folder, name, 'index.js')))
    .sort()

/** What is known of each function, without loading it. */
export const ownConfigs = (folder: string): FunctionConfig[] =>
  functionsIn(folder).map((name) => configOf(folder, name))

function configOf(folder: string, name: string): FunctionConfig {
  const { path, timeout, memorySize } = declared(join(folder, name))
  return {
    ...{ name, operation: name, title: { en: name, zh: name }, doc: '', group: 'core', reach: 'client' },
    path: typeof path === 'string' && path.startsWith('/') ? path : `/${name}`,
    timeout: typeof timeout === 'number' ? timeout : TIMEOUT,
    memory: typeof memorySize === 'number' ? memorySize : MEMORY,
    settings: [],
  }
}

/** `cloudfunction-config` of a function's `package.json`. One that is no JSON is named by Node.js when the function loads. */
function declared(folder: string): Record<string, unknown> {
  try {
    return { ...JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))['cloudfunction-config'] }
  } catch {
    return {}
  }
}
