import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildClient } from './tools/build/client.mjs'
import { buildFunction, buildVendor } from './tools/build/function.mjs'
import { buildLibrary } from './tools/build/library.mjs'

/**
 * `npm run build [name...]`: builds `dist/functions/<name>/` for every folder of `functions/`, or those named, and
 * `dist/functions.json` from what the bundles say of themselves; and `dist/library/` and
 * `dist/client/`, unless functions are named.
 */

const list = join('dist', 'functions.json')
const folders = (await readdir('functions', { withFileTypes: true })).filter((entry) => entry.isDirectory())
const all = folders.map((entry) => entry.name).sort()
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`no such function: ${unknown.join(', ')}. There are: ${all.join(', ')}`)
  process.exit(1)
}

// What takes longest begins first.
const library = wanted.length > 0 ? undefined : Promise.all([buildLibrary(), buildClient()])
await buildVendor()
const built = await Promise.all((wanted.length > 0 ? wanted : all).map(buildFunction))
await library
const kept = wanted.length > 0 ? await othersOf(built) : []
const listed = [...kept, ...built].sort((a, b) => (a.name < b.name ? -1 : 1))
await writeFile(list, `${JSON.stringify(listed, null, 2)}\n`)
// Standard error, so that what a script prints to standard output stays its own.
console.error(`built ${built.length} functions into dist/functions`)

/** What was built before and not now. */
async function othersOf(built) {
  const names = new Set(built.map(({ name }) => name))
  try {
    return JSON.parse(await readFile(list, 'utf8')).filter(({ name }) => !names.has(name))
  } catch {
    // The first build of all has no list to keep.
    return []
  }
}
