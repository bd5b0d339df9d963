import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundleInto } from './function.mjs'
import { readable } from './options.mjs'

/** It travels with every function that needs it, so it keeps its names and no more. */
const compact = { ...readable, minifyWhitespace: true }

/** Builds `dist/commonModule/`: the library as a cloud function can carry it along, its packages included. */
export async function buildCommonModule() {
  const folder = join('dist', 'commonModule')
  await bundleInto(folder, join('shared', 'library', 'index.ts'), compact)
  const manifest = { name: 'unicloud-openapi', version: '0.1.0', type: 'commonjs', main: 'index.js' }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
