import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { argumentsOf } from '../command/index.js'
import { bundleTests } from './bundle.js'
import { writeKeyPool } from './keyPool.js'

/**
 * `npm test [-- part-of-a-path...]`. Without arguments: the build, the type check and the bundling of all tests side by
 * side, then all tests. With arguments: the tests whose path has one of them in it, on what was built last.
 */

const root = join(import.meta.dirname, '..', '..')
const { tap } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  tap: { jobs: number; timeout: number }
}

const wanted = argumentsOf('test').words
const isWhole = wanted.length === 0
const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => join('test', file))
  .filter((file) => isWhole || wanted.some((part) => file.includes(part)))
  .sort()

if (files.length === 0) {
  console.error(`no test has ${wanted.join(' or ')} in its path`)
  process.exit(1)
}

// One for each run, since two may be at work at once.
const folder = join(root, '.cache', `tests-${process.pid}`)
const children = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of children) child.kill()
  rmSync(folder, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(1))

function start(args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', ...options })
  children.add(child)
  child.on('exit', () => children.delete(child))
  return child
}

/** Resolves with the exit code. */
const ended = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })

async function must(what: string, program: string): Promise<void> {
  if ((await ended(start([program]))) === 0) return
  console.error(`${what} failed`)
  process.exit(1)
}

const build = () => must('the build', 'esbuild.config.mjs')
const typeCheck = () => must('the type check', join('node_modules', 'typescript', 'bin', 'tsc'))
const needsBuild = isWhole || !existsSync(join(root, 'dist', 'functions.json'))
const keys = join(folder, 'keys.json')

await Promise.all([
  bundleTests(root, folder, files).then(() => writeKeyPool(keys)),
  ...(needsBuild ? [build()] : []),
  ...(isWhole ? [typeCheck()] : []),
])

const env = {
  ...process.env,
  TEST_FILES: JSON.stringify(files),
  TEST_BUNDLES: folder,
  TEST_JOBS: String(tap.jobs),
  RSA_KEY_POOL: keys,
  // What `tap` itself goes by, in every process.
  TAP_TIMEOUT: String(tap.timeout),
}
const run = join(folder, 'tools', 'test', 'run.mjs')
if (process.stdout.isTTY) {
  // `tap` shows what it reads as it shows tests that it runs itself.
  const tests = start([run], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const reporter = start([join('node_modules', 'tap', 'dist', 'esm', 'run.mjs'), 'run', '-'], {
    stdio: [tests.stdout, 'inherit', 'inherit'],
  })
  process.exitCode = Math.max(...(await Promise.all([ended(tests), ended(reporter)])))
} else {
  process.exitCode = await ended(start([run], { env }))
}
