import { mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'

/** Programs that tests start as processes of their own; `test/support/program.ts` finds them. */
const PROGRAMS = [
  'tools/demo/main.ts',
  'tools/doctor/main.ts',
  'tools/main.ts',
  'tools/start/main.ts',
  'test/store/holder.ts',
  'tools/soak/cloudProcess.ts',
]

/** What a module's own place is called in the bundle, where `import.meta` would say where the bundle is. */
const PLACE = {
  'import.meta.url': '__sourceUrl',
  'import.meta.dirname': '__sourceDirname',
  'import.meta.filename': '__sourceFilename',
}

const COMMON = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  sourcesContent: false,
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
} as const

/** CommonJS packages inside a module of ESM ask for Node's own modules by `require`. */
const REQUIRE = `import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);`

/**
 * Bundles `files` (tests, by their paths from `root`) and the programs that tests start into `folder`, under their own
 * paths with `.mjs`. What several need becomes a file of its own (`splitting`). `tap` is bundled too, since it consists of
 * 200 files; all other packages stay where they are.
 */
export async function bundleTests(root: string, folder: string, files: readonly string[]): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  // In a folder of that name, since `tap` leaves what lies there out of the stacks that it shows.
  const tap = join(folder, 'node_modules', '@tapjs', 'tap.mjs')
  await Promise.all([
    build({
      ...COMMON,
      entryPoints: [fileURLToPath(import.meta.resolve('tap'))],
      outfile: tap,
      outExtension: {},
      sourcemap: false,
      banner: { js: REQUIRE },
      plugins: [plainProcesses],
    }),
    build({
      ...COMMON,
      entryPoints: [...files, ...PROGRAMS, 'tools/test/run.ts'],
      absWorkingDir: root,
      outdir: folder,
      outbase: root,
      splitting: true,
      chunkNames: 'shared/[hash]',
      packages: 'external',
      define: PLACE,
      plugins: [tapAt(tap), placeOfSources],
    }),
  ])
}

const tapAt = (file: string): Plugin => ({
  name: 'tap',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^tap$/ }, () => ({ path: pathToFileURL(file).href, external: true }))
  },
})

/**
 * `tap` puts a loader into every process that it starts and into all of theirs, which notes what coverage needs, at 0.4
 * CPU seconds a process. Nothing here measures coverage.
 */
const plainProcesses: Plugin = {
  name: 'plain processes',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^@tapjs\/processinfo$/ }, ({ path }) => ({ path, namespace: 'plain' }))
    onLoad({ filter: /.*/, namespace: 'plain' }, () => ({
      contents: `import { spawn } from 'node:child_process'; export const ProcessInfo = { spawn }`,
    }))
  },
}

const placeOfSources: Plugin = {
  name: 'place of sources',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      if (!source.includes('import.meta.')) return undefined
      const place = {
        __sourceUrl: pathToFileURL(path).href,
        __sourceDirname: dirname(path),
        __sourceFilename: path,
      }
      const constants = Object.entries(place).map(
        ([name, value]) => `const ${name} = ${JSON.stringify(value)}`,
      )
      // On the first line, so that all others keep their numbers.
      return { contents: `${constants.join('; ')}; ${source}`, loader: 'ts' }
    })
  },
}
