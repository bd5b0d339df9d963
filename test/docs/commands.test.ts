import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type CommandName, commands as known, readArguments } from '../../tools/command/index.js'
import { checkOptions } from '../../tools/deploy/options.js'
import { blocksOf, pages, root, textOf } from './blocks.js'

/** Every command in the docs exists, with the options it is given. */

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
}

/** What a reader has anyway, or is told to install. */
const TOOLS = ['base64', 'cli', 'cp', 'curl', 'echo', 'openssl', 'rsync', 'tr']

const OWN = /^(npm|npx) /

const inBlocks = pages
  .flatMap(blocksOf)
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) => text.replace(/ +#.*$/gm, '').split(/\n| && | \| |\$\(/))

/** In the middle of a sentence; what stands for something else, as in `<command>`, is the reader's. */
const inSentences = pages
  .flatMap((page) => [...textOf(page).matchAll(/`(np[mx] [^`\n]+)`/g)].map(([, command = '']) => command))
  .flatMap((command) => command.split(' && '))
  .filter((command) => !command.includes('<'))

const commands = [...new Set([...inBlocks, ...inSentences].map((each) => each.trim()).filter(Boolean))]

const optionsIn = (words: readonly string[]): string[] =>
  words.flatMap((word) => /^--?([a-zA-Z][\w-]*)/.exec(word)?.[1] ?? [])

const SHORTS: Readonly<Record<string, string>> = { f: 'function', d: 'data', p: 'path' }

function checkServerless(words: readonly string[]): void {
  const firstOption = words.findIndex((word) => word.startsWith('-'))
  const command = words.slice(0, firstOption < 0 ? words.length : firstOption).join(' ')
  const given = optionsIn(words).map((name) => [SHORTS[name] ?? name, true])
  checkOptions(command, Object.fromEntries(given))
}

/** What comes after `--`; npm itself passes on what comes before it, unless it is an option. */
function checkOwn(name: CommandName, args: readonly string[]): void {
  const input = args.indexOf('<')
  const own = args.slice(0, input < 0 ? args.length : input).filter((word) => word !== '--')
  if (name === 'doctor' && own[0] === 'notice') readArguments('coroner', own.slice(1))
  else readArguments(name, own)
}

t.test('commands of the project exist, and so do their options', async (t) => {
  const own = commands.filter((command) => OWN.test(command))
  t.ok(own.length > 25)
  for (const command of own) {
    const [tool, verb = '', ...rest] = command.split(/\s+/).filter((word) => word !== '--silent')
    if (tool === 'npx' && verb === 'tsx') {
      t.ok(existsSync(join(root, rest[0] ?? '')), command)
    } else if (tool === 'npx') {
      t.equal(verb, 'serverless', command)
      t.doesNotThrow(() => checkServerless(rest), command)
    } else if (verb === 'run') {
      const [script = '', ...args] = rest
      t.ok(script in scripts, command)
      if (script in known) t.doesNotThrow(() => checkOwn(script as CommandName, args), command)
    } else if (verb === 'start' || verb === 'test') {
      t.doesNotThrow(() => checkOwn(verb, rest), command)
    } else t.ok(['ci', 'install', 'pack'].includes(verb), command)
  }
})

t.test('all others are known ones', async (t) => {
  const others = inBlocks.map((each) => each.trim()).filter((each) => each !== '' && !OWN.test(each))
  const unknown = others.filter((command) => !TOOLS.includes(command.split(' ')[0] ?? ''))
  t.strictSame(unknown, [])
})
