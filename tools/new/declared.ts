import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as alipay from '../../shared/alipay/apis/index.js'
import type { Operation } from '../../shared/operation/index.js'
import * as weixin from '../../shared/weixin/apis/index.js'

/** What the library has of each platform. */
const known = { weixin, alipay }

type Platform = keyof typeof known

/** Where an API is declared: the file in `shared/<platform>/` without its ending, and the name of the export. */
export interface Declared {
  platform: Platform
  file: string
  exported: string
  operation: Operation
}

const isCalled = (value: unknown, dotted: string): value is Operation =>
  typeof value === 'object' && value !== null && 'run' in value && 'name' in value && value.name === dotted

/** Looks for a declaration by its dotted name. A file need not be called after the first word of its APIs. */
export async function declared(dotted: string): Promise<Declared | undefined> {
  return (await declaredFor('weixin', dotted)) ?? declaredFor('alipay', dotted)
}

async function declaredFor(platform: Platform, dotted: string): Promise<Declared | undefined> {
  const folder = join('shared', platform)
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && file !== 'index.ts')
  for (const file of files) {
    const module = (await import(pathToFileURL(join(folder, file)).href)) as Record<string, unknown>
    const [exported, value] = Object.entries(module).find(([, value]) => isCalled(value, dotted)) ?? []
    if (exported !== undefined)
      return { platform, file: file.replace(/\.ts$/, ''), exported, operation: value as Operation }
  }
  return undefined
}

/** Whether `shared/<platform>/index.ts` shows it under that name, from where the library takes its methods and types. */
export function isInLibrary(dotted: string, platform: Platform): boolean {
  let at: unknown = known[platform]
  for (const word of dotted.split('.')) at = Object(at)[word]
  return isCalled(at, dotted)
}
