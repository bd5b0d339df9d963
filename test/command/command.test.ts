import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Command, commands, readArguments, WrongArguments } from '../../tools/command/index.js'
import { program } from '../support/program.js'

/** Every npm command says how it is used, at once, and takes nothing that it does not know. */

const root = join(import.meta.dirname, '..', '..')

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

function run(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...program('tools/main.ts'), ...args], (failure, out, error) => {
      resolve({ code: failure ? Number(failure.code) : 0, out, error })
    })
  })
}

/** The compiler and Serverless Framework print their own; packing is npm's. */
const OTHERS = ['typecheck', 'serverless', 'prepack']

t.test('every script leads to a command whose usage has all that it takes', async (t) => {
  const own = Object.keys(scripts).filter((name) => !OTHERS.includes(name))
  t.strictSame(own.sort(), Object.keys(commands).sort())
  for (const name of own) t.equal(scripts[name], `tsx tools/main.ts ${name}`)
  for (const [name, { usage, options, firstWord = [] }] of Object.entries<Command>(commands)) {
    const all = [...Object.keys(options).map((option) => `--${option}`), ...firstWord]
    for (const word of all) t.ok(usage.includes(`  ${word} `), `${name}: ${word}`)
    for (const [, option = ''] of usage.matchAll(/^ {2}--([\w-]+)/gm))
      t.ok(option in options, `${name}: ${option}`)
  }
})

t.test('--help and mistakes are answered before anything is built', async (t) => {
  const list = join(root, 'dist', 'functions.json')
  const built = statSync(list).mtimeMs
  await Promise.all(
    (['start', 'demo', 'build', 'bench', 'test', 'coroner'] as const).map(async (name) => {
      t.strictSame(await run(name, '--help'), { code: 0, out: `${commands[name].usage}\n`, error: '' })
    }),
  )
  const { code, out, error } = await run('start', '--function', '../my-app')
  t.strictSame([code, out], [2, ''])
  t.equal(error, `Unknown option '--function'\n\n${commands.start.usage}\n`)
  t.match(await run('demos'), { code: 1, error: /^no such command: demos\. There are: start, demo, / })
  t.equal(statSync(list).mtimeMs, built)
})

t.test('arguments are read as the command declares them', async (t) => {
  t.match(readArguments('start', ['--functions', '../my-app']), { values: { functions: '../my-app' } })
  t.match(readArguments('demo', []), { values: { day: false, provider: 'weixin-v3' }, words: [] })
  t.match(readArguments('build', ['refund', '--unicloud', 'payment']), { words: ['refund', 'payment'] })
  t.equal(readArguments('docs', ['-h']), 'help')
  const refused = (message: string) => ({ constructor: WrongArguments, message })
  t.throws(
    () => readArguments('start', ['--functions']),
    refused("Option '--functions <value>' argument missing"),
  )
  t.throws(() => readArguments('demo', ['alipay']), refused('unexpected: alipay'))
  t.throws(() => readArguments('coroner', ['one', 'two']), refused('unexpected: two'))
  t.throws(() => readArguments('bench', ['loud']), {
    message: 'the first word: expected one of load, ratios, growth',
  })
})
