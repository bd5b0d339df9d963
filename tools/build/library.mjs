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
const built = join('dist', 'library')
/** Where it is made: a build that fails leaves the former one whole. */
const folder = join('dist', 'library.new')

/**
 * `require` does not exist in ES modules; what loads late in them asks for it by that name. Bundlers that make CommonJS
 * of it leave nothing in `import.meta`.
 */
const banner = {
  js: "import { createRequire as requireFrom } from 'node:module'\nconst require = requireFrom(import.meta.url || __filename)",
}

/** Builds `dist/library/`: the bundle as CommonJS and as ES module, and its types for both. */
export async function buildLibrary() {
  await rm(folder, { recursive: true, force: true })
  const [metafile] = await Promise.all([
    bundled('index.cjs', commonJs),
    bundled('index.mjs', { format: 'esm', banner }),
    buildTypes(),
  ])
  await writeFile(join(folder, 'licences.txt'), await licencesOf(metafile))
  await rm(built, { recursive: true, force: true })
  await rename(folder, built)
}

/** Large packages stay the user's own dependencies; small ones cost less as part of the bundle. */
async function bundled(name, format) {
  const { metafile } = await build({
    ...bundle,
    ...readable,
    ...format,
    external: [...bundle.external, ...VENDOR],
    plugins: [errorTexts, lazyBuiltins],
    entryPoints: [join('shared', 'library', 'index.ts')],
    outfile: join(folder, name),
  })
  return metafile
}

/**
 * The same declarations twice: to the compiler those of a CommonJS package and those of an ES module are different
 * kinds, told apart by the `package.json` above them.
 */
async function buildTypes() {
  const emitted = join(folder, 'emitted')
  const types = join(folder, 'types')
  const options = ['-p', join('tools', 'build', 'tsconfig.library.json'), '--outDir', resolve(emitted)]
  await promisify(execFile)(process.execPath, [require.resolve('typescript/bin/tsc'), ...options])
  const files = await reachable(emitted, join('library', 'index.d.ts'))
  for (const [kind, type, ending] of [
    ['cjs', 'commonjs', 'cts'],
    ['esm', 'module', 'mts'],
  ]) {
    for (const file of files) await cp(join(emitted, file), join(types, kind, file))
    await writeFile(join(types, kind, 'package.json'), `${JSON.stringify({ type })}\n`)
    const path = `./types/${kind}/library/index.js`
    await writeFile(
      join(folder, `index.d.${ending}`),
      `export * from '${path}'\nexport { default } from '${path}'\n`,
    )
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
