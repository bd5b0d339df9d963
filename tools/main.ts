import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { argumentsOf, type CommandName, commands } from './command/index.js'

/**
 * Runs one of the project's commands: every npm script leads here. Its arguments are read before anything is built or
 * loaded, so that `--help` and a mistake in them are answered at once.
 */

interface Program {
  run(): Promise<unknown>
  /** Whether it runs what the build makes. */
  needsBuild?: true
}

const root = join(import.meta.dirname, '..')

const programs: Readonly<Record<CommandName, Program>> = {
  start: { needsBuild: true, run: () => import('./start/main.js') },
  demo: { needsBuild: true, run: () => import('./demo/main.js') },
  bench: { needsBuild: true, run: () => import('./bench/main.js') },
  soak: { needsBuild: true, run: () => import('./soak/main.js') },
  fuzz: { needsBuild: true, run: () => import('./fuzz/main.js') },
  build: { run: () => must('esbuild.config.mjs', process.argv.slice(2)) },
  test: { run: () => import('./test/main.js') },
  doctor: { run: () => import('./doctor/main.js') },
  coroner: { run: () => import('./doctor/main.js') },
  replay: { run: () => import('./records/replayMain.js') },
  events: { run: () => import('./records/eventsMain.js') },
  reconcile: { run: () => import('./reconcile/main.js') },
  new: { run: () => import('./new/main.js') },
  generate: { run: () => import('./generate/main.js') },
  docs: { run: () => import('./docs/main.js') },
  lint: { run: lint },
}

/** Runs a program of Node.js in the clone, and ends with its exit code where that is not 0. */
async function must(program: string, args: readonly string[] = []): Promise<void> {
  const child = spawn(process.execPath, [join(root, program), ...args], { cwd: root, stdio: 'inherit' })
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (status) => resolve(status ?? 1))
  })
  if (code !== 0) process.exit(code)
}

async function lint(): Promise<void> {
  await must(join('node_modules', '@biomejs', 'biome', 'bin', 'biome'), ['check', '.'])
  await must(join('node_modules', 'tsx', 'dist', 'cli.mjs'), [join('tools', 'lint', 'amounts.ts')])
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(commands, name)

const [, , name = '', ...given] = process.argv
if (!isCommand(name)) {
  console.error(`no such command: ${name}. There are: ${Object.keys(commands).join(', ')}`)
  process.exit(1)
}
// The doctor's second half, which takes other arguments.
const isNotice = name === 'coroner' || (name === 'doctor' && given[0] === 'notice')
argumentsOf(isNotice ? 'coroner' : name, isNotice && name === 'doctor' ? given.slice(1) : given)

const { run, needsBuild } = programs[name]
// Each program reads its arguments itself, where it stands alone as well as here.
process.argv.splice(2, 1, ...(name === 'coroner' ? ['notice'] : []))
if (needsBuild) await must('esbuild.config.mjs')
await run()
