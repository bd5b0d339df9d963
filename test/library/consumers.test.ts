import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import t from 'tap'
import ts from 'typescript'
import { LIST, LIST_WHOLE, RIGHT, WHOLE, WRONG, wrong } from './programs.js'

/** A project beside nothing but what is shipped: package.json, its files, and its dependencies. */

const root = join(import.meta.dirname ?? '', '..', '..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  files: string[]
  dependencies: Record<string, string>
}

const project = t.testdir()
const modules = join(project, 'node_modules')

function install(): void {
  const own = join(modules, 'unicloud-openapi')
  mkdirSync(own, { recursive: true })
  cpSync(join(root, 'package.json'), join(own, 'package.json'))
  for (const file of manifest.files) cpSync(join(root, file), join(own, file), { recursive: true })
  for (const name of [...Object.keys(manifest.dependencies), '@types/node', 'undici-types']) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), join(modules, name))
  }
}

function write(name: string, text: string): string {
  const file = join(project, name)
  writeFileSync(file, text)
  return file
}

const usual: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  strict: true,
  exactOptionalPropertyTypes: false,
  noEmit: true,
  // Our own declarations are part of what is checked.
  skipLibCheck: false,
  types: ['node'],
  typeRoots: [join(modules, '@types')],
}

/** The declarations of the language and of Node, which are the same for every program and large. */
const parsed = new Map<string, ts.SourceFile>()

/** What the compiler complains about, by file. */
function complaints(files: string[], more: ts.CompilerOptions = {}): Map<string, string> {
  const options = { ...usual, ...more }
  const host = ts.createCompilerHost(options)
  host.getCurrentDirectory = () => project
  const read = host.getSourceFile
  host.getSourceFile = (name, ...rest) => {
    if (!/\/(?:typescript\/lib|@types|undici-types)\//.test(name)) return read(name, ...rest)
    const known = parsed.get(name) ?? read(name, ...rest)
    if (known) parsed.set(name, known)
    return known
  }
  const program = ts.createProgram(files, options, host)
  // Declarations of other packages are theirs to check, and many.
  const foreign = /\/node_modules\/(?!unicloud-openapi\/)/
  const ours = program.getSourceFiles().filter(({ fileName }) => !foreign.test(fileName))
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...ours.flatMap((file) => program.getSyntacticDiagnostics(file)),
    ...ours.flatMap((file) => program.getSemanticDiagnostics(file)),
  ]
  const found = new Map<string, string>()
  for (const { file, messageText } of diagnostics) {
    const name = file?.fileName ?? ''
    found.set(name, `${found.get(name) ?? ''}${ts.flattenDiagnosticMessageText(messageText, '\n')}\n`)
  }
  return found
}

install()

t.test('programs compile as CommonJS and as ES modules, with the types of the entries', async (t) => {
  const right = ['mts', 'cts'].map((ending) => write(`right.${ending}`, RIGHT))
  const mistaken = WRONG.map(([code], i) => write(`wrong${i}.${i % 2 ? 'mts' : 'cts'}`, wrong(code)))
  const found = complaints([...right, ...mistaken])
  const elsewhere = [...found].filter(([file]) => !mistaken.includes(file))
  t.strictSame(elsewhere, [], 'nothing is wrong with the right ones, nor with the declarations')
  for (const [i, [code, says]] of WRONG.entries()) {
    t.match(found.get(mistaken[i] ?? ''), says, code)
  }
})

const NAMES = ['OpenapiError', 'initAlipay', 'initWeixin', 'openMongoStore', 'openUniCloudStore', 'vk']

t.test('require and import give the same', async (t) => {
  const load = {
    'list.cjs': `const library = require('unicloud-openapi')\n${LIST}`,
    'list.mjs': `import * as library from 'unicloud-openapi'\n${LIST}`,
    'late.cjs': `import('unicloud-openapi').then((library) => { ${LIST} })`,
  }
  for (const [name, text] of Object.entries(load)) {
    const { stdout } = await promisify(execFile)(process.execPath, [write(name, text)])
    const [all, whole, ...rest] = JSON.parse(stdout) as [string[], string[], boolean, boolean]
    t.same(all.filter((each) => each !== 'default').sort(), NAMES, name)
    t.ok(all.includes('default'))
    t.same(whole.sort(), NAMES)
    t.same(rest, [true, true])
  }
})

t.test(
  'the whole library is imported by its default, also where modules are resolved in older ways',
  async (t) => {
    const file = write('whole.ts', WHOLE)
    for (const moduleResolution of [ts.ModuleResolutionKind.Node10, ts.ModuleResolutionKind.Bundler]) {
      const found = complaints([file], { module: ts.ModuleKind.ESNext, moduleResolution })
      t.strictSame([...found], [])
    }
  },
)

t.test('what a bundler makes of it has the same default', async (t) => {
  const contents = `import whole from 'unicloud-openapi'\n${LIST_WHOLE}`
  const outfile = join(project, 'bundled.cjs')
  const bundle = { bundle: true, platform: 'node', logLevel: 'silent' } as const
  await build({ stdin: { contents, resolveDir: project }, outfile, ...bundle })
  const { stdout } = await promisify(execFile)(process.execPath, [outfile])
  const [names, made] = JSON.parse(stdout) as [string[], boolean]
  t.same(names.sort(), NAMES)
  t.ok(made)
})

t.test('nothing heavy loads before it is needed', async (t) => {
  const heavy = `require('unicloud-openapi').vk()\nconsole.log(JSON.stringify(Object.keys(require.cache)))`
  // tap preloads modules of its own into every Node a test starts, unless the environment is clean.
  const { stdout } = await promisify(execFile)('env', ['-i', process.execPath, write('heavy.cjs', heavy)])
  const loaded = JSON.parse(stdout) as string[]
  t.equal(loaded.length, 2, loaded.join())
})

t.test('whatever it loads late is a dependency that its users get', async (t) => {
  const library = join(modules, 'unicloud-openapi', 'dist', 'library')
  const asked = ['index.cjs', 'index.mjs'].flatMap((name) =>
    [...readFileSync(join(library, name), 'utf8').matchAll(/(?<![.\w])(?:require|import)\("([^"]+)"\)/g)].map(
      ([, path]) => path ?? '',
    ),
  )
  const known = ['uni-config-center', ...Object.keys(manifest.dependencies)]
  const foreign = asked.filter((path) => !path.startsWith('node:') && !known.includes(path))
  t.ok(asked.includes('axios'))
  t.strictSame([...new Set(foreign)], [])
})
