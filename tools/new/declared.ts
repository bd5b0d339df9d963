import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Operation } from '../../shared/operation/index.js'
import * as weixin from '../../shared/weixin/index.js'

/** Where an API is declared: the file in `shared/weixin/` without its ending, and the name of the export. */
export interface Declared {
  file: string
  exported: string
  operation: Operation
}

const isCalled = (value: unknown, dotted: string): value is Operation =>
  typeof value === 'object' && value !== null && 'run' in value && 'name' in value && value.name === dotted

/** Looks for a declaration by its dotted name. A file need not be called after the first word of its APIs. */
export async function declared(dotted: string): Promise<Declared | undefined> {
  const folder = join('shared', 'weixin')
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && file !== 'index.ts')
  for (const file of files) {
    const module = (await import(pathToFileURL(join(folder, file)).href)) as Record<string, unknown>
    const found = Object.entries(module).find(([, value]) => isCalled(value, dotted))
    if (found)
      return { file: file.replace(/\.ts$/, ''), exported: found[0], operation: found[1] as Operation }
  }
  return undefined
}

/** Whether `shared/weixin/index.ts` shows it under that name, from where the library takes its methods and types. */
export function isInLibrary(dotted: string): boolean {
  let at: unknown = weixin
  for (const word of dotted.split('.')) at = Object(at)[word]
  return isCalled(at, dotted)
}
