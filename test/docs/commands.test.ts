import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
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

/** Sources of the program that a script of package.json runs. */
function sourcesOf(script: string): string {
  const [, folder] = /tsx (tools\/\w+)\//.exec(scripts[script] ?? '') ?? []
  const places = script === 'build' ? ['tools/build', 'tools/build/unicloud'] : [folder ?? '']
  return places
    .flatMap((place) => readdirSync(join(root, place)).map((name) => join(root, place, name)))
    .filter((file) => /\.m?[jt]s$/.test(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
}

const SHORTS: Readonly<Record<string, string>> = { f: 'function', d: 'data', p: 'path' }

function checkServerless(words: readonly string[]): void {
  const firstOption = words.findIndex((word) => word.startsWith('-'))
  const command = words.slice(0, firstOption < 0 ? words.length : firstOption).join(' ')
  const given = optionsIn(words).map((name) => [SHORTS[name] ?? name, true])
  checkOptions(command, Object.fromEntries(given))
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
      const [script = '', ...options] = rest
      t.ok(script in scripts, command)
      for (const name of optionsIn(options))
        t.match(sourcesOf(script), new RegExp(`['"\\s-]${name}\\b`), command)
    } else t.ok(['ci', 'install', 'test', 'start', 'pack'].includes(verb), command)
  }
})

t.test('all others are known ones', async (t) => {
  const others = inBlocks.map((each) => each.trim()).filter((each) => each !== '' && !OWN.test(each))
  const unknown = others.filter((command) => !TOOLS.includes(command.split(' ')[0] ?? ''))
  t.strictSame(unknown, [])
})
