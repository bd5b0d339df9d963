import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tsImport } from 'tsx/esm/api'
import { buildClient } from './tools/build/client.mjs'
import { addCodeCaches } from './tools/build/codeCache/index.mjs'
import { buildCommonModule } from './tools/build/commonModule.mjs'
import { buildFunction, buildVendor } from './tools/build/function.mjs'
import { buildLibrary } from './tools/build/library.mjs'

/**
 * `npm run build [name...] [-- --unicloud [edition] group-or-name...]`: builds `dist/functions/<name>/` for every folder of
 * `functions/`, or those named, and `dist/functions.json` from what the bundles say of themselves; `dist/library/`,
 * `dist/client/` and `dist/schemas/`, unless functions are named; and from all these `dist/uniCloud/`, with what `--unicloud` selects
 * (docs/deploy-unicloud.md).
 *
 * `--code-cache` lays what V8 makes of the functions beside them, for this Node and those whose paths CODE_CACHE_NODES
 * lists, started with CODE_CACHE_FLAGS (docs/performance.md).
 */

const list = join('dist', 'functions.json')
const folders = (await readdir('functions', { withFileTypes: true })).filter((entry) => entry.isDirectory())
const all = folders.map((entry) => entry.name).sort()
const CODE_CACHE = '--code-cache'
const args = process.argv.slice(2).filter((arg) => arg !== CODE_CACHE)
const option = args.indexOf('--unicloud')
const [wanted, forUniCloud] = option < 0 ? [args] : [args.slice(0, option), args.slice(option + 1)]
const unknown = wanted.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`no such function: ${unknown.join(', ')}. There are: ${all.join(', ')}`)
  process.exit(1)
}

// What takes longest begins first.
const library = wanted.length > 0 ? undefined : Promise.all([buildLibrary(), buildClient(), buildSchemas()])
await buildVendor()
const built = await Promise.all((wanted.length > 0 ? wanted : all).map(buildFunction))
await library
if (process.argv.includes(CODE_CACHE)) await layCodeCaches()
const kept = wanted.length > 0 ? await othersOf(built) : []
const listed = [...kept, ...built].sort((a, b) => (a.name < b.name ? -1 : 1))
await writeFile(list, `${JSON.stringify(listed, null, 2)}\n`)
// Standard error, so that what a script prints to standard output stays its own.
console.error(`built ${built.length} functions into dist/functions`)
// A few functions alone are no space to upload; once there is one, they are part of it.
if (wanted.length === 0 || forUniCloud || existsSync(join('dist', 'uniCloud.json'))) await layUniCloud()

async function layCodeCaches() {
  const { CODE_CACHE_NODES: nodes, CODE_CACHE_FLAGS: flags } = process.env
  const words = (text = '') => text.split(/[\s,]+/).filter((word) => word !== '')
  const folders = built.map(({ name }) => join('dist', 'functions', name))
  await addCodeCaches(folders, { flags: words(flags), nodes: [process.execPath, ...words(nodes)] })
}

async function buildSchemas() {
  const { writeSchemas } = await tsImport('./tools/catalog/schema.ts', import.meta.url)
  await writeSchemas('.', join('dist', 'schemas'))
}

async function layUniCloud() {
  const [{ buildUniCloud, Refusal }] = await Promise.all([
    tsImport('./tools/build/unicloud/index.ts', import.meta.url),
    buildCommonModule(),
  ])
  try {
    const { edition, functions, leftOut } = await buildUniCloud('dist', { args: forUniCloud })
    console.error(`laid out ${functions.length} of them in dist/uniCloud, for the edition ${edition}`)
    if (leftOut.length > 0)
      console.error(`names too long for uniCloud, to be called through openapi: ${leftOut}`)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.error(error.message)
    process.exit(1)
  }
}

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
