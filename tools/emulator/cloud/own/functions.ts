import { join } from 'node:path'
import type { FunctionConfig } from '../../../../shared/runtime/config.js'
import { type Bundle, type Bundles, longestPrefix } from '../bundles.js'
import { ownConfigs, ownFolder } from './folder.js'
import { openModules } from './modules.js'

/** The built functions and a developer's own beside them. */
export interface OwnBundles extends Bundles {
  isOwn(name: string): boolean
  close(): void
}

/**
 * Adds the functions of `path` to the built ones. They are looked for at every call, so that new ones are found and
 * changed ones are loaded again. A name that is built too stays the built one's: a folder that was made for uploading
 * has copies of those. Throws when the folder has no functions.
 */
export function withOwnFunctions(built: Bundles, path: string, library: string): OwnBundles {
  const folder = ownFolder(path)
  const modules = openModules(folder, library)
  const isBuilt = (name: string): boolean => built.find(name) !== undefined
  const own = (): FunctionConfig[] => ownConfigs(folder).filter(({ name }) => !isBuilt(name))
  const all = (): FunctionConfig[] => [...built.configs, ...own()]
  const isOwn = (name: string): boolean => !isBuilt(name) && own().some((config) => config.name === name)
  return {
    isOwn,
    get configs() {
      return all()
    },
    find: (name) => built.find(name) ?? own().find((config) => config.name === name),
    byPath: (url) => longestPrefix(all(), url),
    load: (config) =>
      isOwn(config.name)
        ? bundleOf(config, modules.load(join(folder, config.name, 'index.js')))
        : built.load(config),
    forget() {
      built.forget()
      modules.forget()
    },
    close: modules.close,
  }
}

function bundleOf(config: FunctionConfig, exported: unknown): Bundle {
  const { main, handler } = { ...(exported as Partial<Bundle>) }
  if (typeof main !== 'function') {
    throw new Error(
      `${config.name}/index.js exports no main: it is CommonJS, exports.main = async (event, context) => ...`,
    )
  }
  return {
    config,
    main,
    handler:
      handler ??
      (async () => {
        throw new Error(
          `${config.name} has no handler: call it as a function of uniCloud, POST /cloudfunctions/`,
        )
      }),
  }
}
