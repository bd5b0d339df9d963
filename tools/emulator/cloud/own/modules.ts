import { existsSync, statSync } from 'node:fs'
import Module, { createRequire } from 'node:module'
import { join, sep } from 'node:path'
import { COMMON } from './folder.js'

/** Loads modules of a developer's functions, and loads them again once one of their files has changed. */
export interface OwnModules {
  /** What `module.exports` of that file is. */
  load(file: string): unknown
  forget(): void
  /** Takes away what was put into Node's own lookup. */
  close(): void
}

const LIBRARY = 'unicloud-openapi'

const require = createRequire(import.meta.url)

export function openModules(folder: string, library: string): OwnModules {
  const stamps = new Map<string, number>()
  const ownFiles = () =>
    Object.keys(require.cache).filter(
      (file) => file.startsWith(folder + sep) && !file.includes(`${sep}node_modules${sep}`),
    )
  const forget = () => {
    for (const file of ownFiles()) delete require.cache[file]
    stamps.clear()
  }
  const hasChanged = () => ownFiles().some((file) => (stamps.get(file) ?? stampOf(file)) !== stampOf(file))
  const close = findCommonModules(folder, library)
  return {
    forget,
    close,
    load(file) {
      if (hasChanged()) forget()
      const loaded = require(file)
      for (const each of ownFiles()) if (!stamps.has(each)) stamps.set(each, stampOf(each))
      return loaded
    },
  }
}

/** 0 for a file that is gone. */
const stampOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0

/** Node's own lookup of modules: not documented, and the same in every version that runs here. */
interface Lookup {
  _resolveFilename(request: string, parent: Parent | null | undefined, ...rest: unknown[]): string
}

interface Parent {
  filename?: string | null
}

/**
 * uniCloud puts common modules into each function's `node_modules` when it is uploaded. Here functions of `folder` find
 * those of its `common/`, and the library as it was built, where Node.js finds nothing else. Answers how to stop.
 */
function findCommonModules(folder: string, library: string): () => void {
  const lookup = Module as unknown as Lookup
  const resolve = lookup._resolveFilename
  const common = (name: string): string | undefined => {
    const place = join(folder, COMMON, name)
    if (!name.startsWith('.') && existsSync(place)) return place
    return name === LIBRARY ? library : undefined
  }
  const withCommon: Lookup['_resolveFilename'] = (request, parent, ...rest) => {
    try {
      return resolve.call(lookup, request, parent, ...rest)
    } catch (error) {
      const place = parent?.filename?.startsWith(folder + sep) ? common(request) : undefined
      if (place === undefined) throw error
      return resolve.call(lookup, place, parent, ...rest)
    }
  }
  lookup._resolveFilename = withCommon
  return () => {
    if (lookup._resolveFilename === withCommon) lookup._resolveFilename = resolve
  }
}
