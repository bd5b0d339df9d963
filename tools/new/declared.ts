import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Operation } from '../../shared/operation/index.js'
import { isOperation } from '../catalog/capabilities.js'

/** Where an API is declared: a path below the root without its ending, and the name of the export. */
export interface Declared {
  module: string
  exported: string
  operation: Operation
}

/** Looks for a declaration by its dotted name. A file need not be called after the first word of its APIs. */
export async function declared(dotted: string): Promise<Declared | undefined> {
  for (const folder of ['shared/weixin/apis', 'shared/alipay/apis']) {
    for (const file of readdirSync(folder)) {
      const module = `${folder}/${file.replace(/\.ts$/, '')}`
      const exports: object = await import(pathToFileURL(join(folder, file)).href)
      for (const [exported, operation] of Object.entries(exports)) {
        if (isOperation(operation) && operation.name === dotted) return { module, exported, operation }
      }
    }
  }
  return undefined
}
