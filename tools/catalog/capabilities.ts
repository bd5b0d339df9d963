import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Operation } from '../../shared/operation/index.js'

/** A capability as it is declared, and the function that carries it. */
export interface Capability {
  operation: Operation
  /** The folder in `functions/`. */
  folder: string
  /** Where it is declared: a path below the root without its ending, and the name under which it is exported. */
  module: string
  exported: string
  /** What the folder makes of it: `cloudFunction`, `serverFunction`, `timerFunction` or `callbackFunction`. */
  maker: string
}

export const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'run' in value && 'input' in value && 'reach' in value

/** What `functions/<name>/index.ts` imports from `shared/`: the declaration behind the folder. */
const DECLARATION = /import \{ (\w+)(?: as \w+)? \} from '..\/..\/(shared\/(?!runtime)[^']+)\.js'/

/** Every function's operation, read from the folders: there is no list to keep. */
export async function capabilities(root: string): Promise<Capability[]> {
  const folders = readdirSync(join(root, 'functions')).sort()
  return Promise.all(folders.map((folder) => capability(root, folder)))
}

async function capability(root: string, folder: string): Promise<Capability> {
  const { readFile } = await import('node:fs/promises')
  const source = await readFile(join(root, 'functions', folder, 'index.ts'), 'utf8')
  const [, name, path] = DECLARATION.exec(source) ?? []
  if (!name || !path) throw new Error(`functions/${folder}/index.ts imports no declaration from shared/`)
  const module = (await import(pathToFileURL(join(root, `${path}.ts`)).href)) as Record<string, unknown>
  const operation = module[name]
  if (!isOperation(operation)) throw new Error(`${path}.ts exports no operation called ${name}`)
  const maker = /= (\w+)\(/.exec(source)?.[1] ?? ''
  return { operation, folder, module: path, exported: name, maker }
}

/** Whom the `openapi` function may pass calls on to: what has the doors of clients and servers. */
export const isDispatched = ({ operation, maker }: Capability): boolean =>
  (maker === 'cloudFunction' || maker === 'serverFunction') && operation.name !== 'openapi'
