import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What is measured: built as the functions are, or from the sources. */
export type Ours = typeof import('./ours.js')

interface Builder {
  bundleInto(folder: string, entry: string): Promise<void>
}

/** A program, built as the functions are, into a folder; answers the file to run. */
export async function bundled(folder: string, entry: string): Promise<string> {
  const builder = pathToFileURL(resolve('tools', 'build', 'function.mjs')).href
  const { bundleInto } = (await import(builder)) as Builder
  await bundleInto(folder, entry)
  return join(folder, 'index.js')
}

/** Ours as it runs in the clouds. Expects the packages that `npm run build` makes. */
export async function builtOurs(): Promise<Ours> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  // Not before: parts of it load when they are first needed.
  process.once('exit', () => rmSync(folder, { recursive: true }))
  const file = await bundled(folder, join('tools', 'bench', 'ours.ts'))
  return createRequire(import.meta.url)(file) as Ours
}
