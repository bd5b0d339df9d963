import { execFile } from 'node:child_process'
import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { errorTexts } from './errorTexts.mjs'
import { lazyBuiltins } from './lazyBuiltins.mjs'
import { licencesOf } from './licences.mjs'
import { bundle, commonJs, readable, VENDOR } from './options.mjs'

const require = createRequire(import.meta.url)
/** What other programs load, each a folder of `shared/` with an index and one of `dist/`. */
const PACKAGES = ['library', 'server']

/** Where they are made: a build that fails leaves the former ones whole. */
const made = (name) => join('dist', `${name}.new`)

/**
 * `require` does not exist in ES modules; what loads late in them asks for it by that name. Bundlers that make CommonJS
 * of it leave nothing in `import.meta`.
 */
const banner = {
  js: "import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(import.meta.url || __filename)",
}

/** Builds `dist/library/` and `dist/server/`: bundles as CommonJS and as ES module, and their types for both. */
export async function buildLibrary() {
  await Promise.all(PACKAGES.map((name) => rm(made(name), { recursive: true, force: true })))
  await Promise.all([...PACKAGES.map(bundled), buildTypes()])
  for (const name of PACKAGES) {
    await rm(join('dist', name), { recursive: true, force: true })
    await rename(made(name), join('dist', name))
  }
}

async function bundled(name) {
  const [metafile] = await Promise.all([
    bundledAs(name, 'index.cjs', commonJs),
    bundledAs(name, 'index.mjs', { format: 'esm', banner }),
  ])
  await writeFile(join(made(name), 'licences.txt'), await licencesOf(metafile))
}

/** Large packages stay the user's own dependencies; small ones cost less as part of the bundle. */
async function bundledAs(name, file, format) {
  const { metafile } = await build({
    ...bundle,
    ...readable,
    ...format,
    external: [...bundle.external, ...VENDOR],
    plugins: [errorTexts, lazyBuiltins, optional],
    entryPoints: [join('shared', name, 'index.ts')],
    outfile: join(made(name), file),
  })
  return metafile
}

/** Found when it is first used, in ES modules too, whose imports are all looked for at once: not everybody installs it. */
const optional = {
  name: 'optional',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^libsql$/ }, ({ path, namespace }) =>
      namespace === 'optional' ? { path, external: true } : { path, namespace: 'optional' },
    )
    onLoad({ filter: /.*/, namespace: 'optional' }, ({ path }) => ({
      contents: `module.exports = require('${path}')`,
      loader: 'js',
    }))
  },
}

/**
 * The same declarations twice: to the compiler those of a CommonJS package and those of an ES module are different
 * kinds, told apart by the `package.json` above them.
 */
async function buildTypes() {
  const emitted = join('dist', 'emitted.new')
  const options = ['-p', join('tools', 'build', 'tsconfig.library.json'), '--outDir', resolve(emitted)]
  await promisify(execFile)(process.execPath, [require.resolve('typescript/bin/tsc'), ...options])
  for (const name of PACKAGES) {
    const types = join(made(name), 'types')
    const files = await reachable(emitted, join(name, 'index.d.ts'))
    for (const [kind, type, ending] of [
      ['cjs', 'commonjs', 'cts'],
      ['esm', 'module', 'mts'],
    ]) {
      for (const file of files) await cp(join(emitted, file), join(types, kind, file))
      await writeFile(join(types, kind, 'package.json'), `${JSON.stringify({ type })}\n`)
      const path = `./types/${kind}/${name}/index.js`
      const text = `export * from '${path}'\nexport { default } from '${path}'\n`
      await writeFile(join(made(name), `index.d.${ending}`), text)
    }
  }
  await rm(emitted, { recursive: true })
}

/** What the declarations of `entry` stand on, at any depth; most of what is emitted is nobody's business. */
async function reachable(root, entry) {
  const files = new Set([entry])
  for (const file of files) {
    const text = await readFile(join(root, file), 'utf8')
    for (const [, path] of text.matchAll(/(?:from |import\()["'](\.[^"']+)\.js["']/g)) {
      files.add(join(dirname(file), `${path}.d.ts`))
    }
  }
  return files
}
