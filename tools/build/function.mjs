import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { leanAxios } from './axios/lean.mjs'
import { errorTexts } from './errorTexts.mjs'
import { lazyBuiltins } from './lazyBuiltins.mjs'
import { lean } from './lean.mjs'
import { licencesOf } from './licences.mjs'
import { onePlatform } from './onePlatform.mjs'
import { bundle, commonJs, noImportMeta, VENDOR, vendored } from './options.mjs'
import { joinParts } from './parts.mjs'

const require = createRequire(import.meta.url)
const vendorFolder = join('dist', 'vendor')

/** Bundles each vendored package once; {@link bundleInto} copies those a bundle names. */
export async function buildVendor() {
  await Promise.all(
    VENDOR.map(async (name) => {
      const source = name === 'axios' ? './tools/build/axios/index.mjs' : name
      const stdin = { contents: `module.exports = require(${JSON.stringify(source)})`, resolveDir: '.' }
      const outfile = join(vendorFolder, `${name}.js`)
      const { metafile } = await build({ ...bundle, ...commonJs, plugins: [lean, leanAxios], stdin, outfile })
      await writeFile(join(vendorFolder, `${name}.licences.txt`), await licencesOf(metafile))
    }),
  )
}

/** Builds `dist/functions/<name>/`, and answers what the bundle says of itself. */
export async function buildFunction(name) {
  const folder = join('dist', 'functions', name)
  await bundleInto(folder, join('functions', name, 'index.ts'))
  const manifest = { name, version: '0.1.0', private: true, type: 'commonjs', main: 'index.js' }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  const { config } = require(resolve(folder, 'index.js'))
  if (config.name !== name) throw new Error(`functions/${name} builds a function called ${config.name}`)
  return config
}

/**
 * Bundles `entry` as CommonJS that needs no file outside `folder`. Whatever the sources `import()` goes into a file
 * beside `index.js`: it costs a cold start nothing until it is needed. `look` changes how the text is written.
 */
export async function bundleInto(folder, entry, look = {}) {
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'vendor'), { recursive: true })
  const split = await build({
    ...bundle,
    ...look,
    // esbuild splits ES modules only; each part is turned into CommonJS afterwards.
    format: 'esm',
    define: noImportMeta,
    splitting: true,
    write: false,
    plugins: [errorTexts, onePlatform(entry), lazyBuiltins, vendored],
    entryPoints: { index: entry },
    chunkNames: '[name]-[hash]',
    outdir: folder,
  })
  const parts = await joinParts(split, look)
  await Promise.all(parts.map((part) => writeFile(join(folder, part.name), part.code)))
  for (const vendor of vendorsOf(parts)) {
    for (const file of [`${vendor}.js`, `${vendor}.licences.txt`]) {
      await cp(join(vendorFolder, file), join(folder, 'vendor', file))
    }
  }
  await writeFile(join(folder, 'licences.txt'), await licencesOf(split.metafile))
}

/** The vendored packages that files ask for. */
function vendorsOf(parts) {
  const named = parts.flatMap(({ code }) => [...code.matchAll(/"\.\/vendor\/([\w-]+)\.js"/g)])
  return new Set(named.map(([, vendor]) => vendor))
}
