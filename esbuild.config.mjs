import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { licencesOf } from './tools/build/licences.mjs'
import { bundle, lazyBuiltins, VENDOR, vendored } from './tools/build/options.mjs'

/**
 * `npm run build [name...]`: builds `dist/functions/<name>/` for every folder of `functions/`, or those named, and
 * `dist/functions.json` from what the bundles say of themselves; without names the library too.
 */

const require = createRequire(import.meta.url)
const vendorFolder = join('dist', 'vendor')

async function buildVendor() {
  await Promise.all(
    VENDOR.map(async (name) => {
      const stdin = { contents: `module.exports = require(${JSON.stringify(name)})`, resolveDir: '.' }
      const { metafile } = await build({ ...bundle, stdin, outfile: join(vendorFolder, `${name}.js`) })
      await writeFile(join(vendorFolder, `${name}.licences.txt`), await licencesOf(metafile))
    }),
  )
}

async function buildFunction(name) {
  const folder = join('dist', 'functions', name)
  await rm(folder, { recursive: true, force: true })
  const { metafile } = await build({
    ...bundle,
    plugins: [lazyBuiltins, vendored],
    entryPoints: [join('functions', name, 'index.ts')],
    outfile: join(folder, 'index.js'),
  })
  await mkdir(join(folder, 'vendor'), { recursive: true })
  for (const vendor of vendorsOf(metafile)) {
    for (const file of [`${vendor}.js`, `${vendor}.licences.txt`]) {
      await cp(join(vendorFolder, file), join(folder, 'vendor', file))
    }
  }
  await writeFile(join(folder, 'licences.txt'), await licencesOf(metafile))
  const manifest = { name, version: '0.1.0', private: true, type: 'commonjs', main: 'index.js' }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  const { config } = require(resolve(folder, 'index.js'))
  if (config.name !== name) throw new Error(`functions/${name} builds a function called ${config.name}`)
  return config
}

/** The vendored packages a bundle names. */
function vendorsOf(metafile) {
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports)
  return new Set(imports.flatMap(({ path }) => /^\.\/vendor\/(.+)\.js$/.exec(path)?.[1] ?? []))
}

const folders = (await readdir('functions', { withFileTypes: true })).filter((entry) => entry.isDirectory())
const all = folders.map((entry) => entry.name).sort()
const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !all.includes(name))
if (unknown.length > 0) {
  console.error(`no such function: ${unknown.join(', ')}. There are: ${all.join(', ')}`)
  process.exit(1)
}

await buildVendor()
const built = await Promise.all((wanted.length > 0 ? wanted : all).map(buildFunction))
const listed = wanted.length > 0 ? await mergeWithFormer(built) : built
await writeFile(join('dist', 'functions.json'), `${JSON.stringify(listed, null, 2)}\n`)
console.error(`built ${built.length} functions into dist/functions`)

async function mergeWithFormer(fresh) {
  const names = new Set(fresh.map(({ name }) => name))
  let former = []
  try {
    former = require(resolve('dist', 'functions.json'))
  } catch {
    // The first build of all has no list to keep.
  }
  return [...former.filter(({ name }) => !names.has(name)), ...fresh].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )
}
