import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readGiven } from '../../tools/deploy/config/given.js'
import { checkOptions } from '../../tools/deploy/options.js'
import { builtFunctions, clone } from './cli.js'

/** What the guide shows is what works. */

t.setTimeout(120_000)

const root = join(import.meta.dirname, '..', '..')
const guide = (name: string): string => readFileSync(join(root, 'docs', name), 'utf8')
const english = guide('deploy-fc.md')

const blocks = (text: string, language: string): string[] =>
  [...text.matchAll(new RegExp(`^ *\`\`\`${language}\\n([\\s\\S]*?)^ *\`\`\``, 'gm'))].map(
    ([, code = '']) => code,
  )

const withoutRemarks = (code: string): string => code.replace(/ +#.*$/gm, '')

t.test('both languages show the same', async (t) => {
  const chinese = guide('deploy-fc.zh-CN.md')
  for (const language of ['yaml', 'sh', 'ini']) {
    t.strictSame(blocks(chinese, language).map(withoutRemarks), blocks(english, language).map(withoutRemarks))
  }
  const headings = (text: string) => [...text.matchAll(/^(#+) /gm)].map(([, marks]) => marks?.length)
  t.strictSame(headings(chinese), headings(english))
})

t.test('the serverless.yml with every key is valid and packs', async (t) => {
  const { folder, sls, write } = clone(t, { offline: true })
  symlinkSync(builtFunctions, join(folder, 'dist'))
  symlinkSync(join(builtFunctions, 'functions', 'tokenRefresh'), join(folder, 'own'))
  const [yaml = ''] = blocks(english, 'yaml')
  write('serverless.yml', yaml.replace('source: own/nightly', 'source: own'))
  const { code, out, err } = await sls('package')
  t.equal(code, 0, out + err)
  t.match(err, /Packed \d+ functions/)
})

t.test('every command is one that its options belong to', async (t) => {
  const shorts: Record<string, string> = { '-f': 'function', '-d': 'data', '-p': 'path' }
  const lines = blocks(english, 'sh')
    .join('')
    .split('\n')
    .filter((line) => line.includes('npx serverless'))
  t.ok(lines.length > 15)
  for (const line of lines) {
    const [, rest = ''] = /npx serverless (.*)/.exec(withoutRemarks(line)) ?? []
    const words = rest.trim().split(/\s+/)
    const command = words.slice(0, words.findIndex((word) => word.startsWith('-')) >>> 0).join(' ')
    const names = words
      .filter((word) => /^--?[a-zA-Z]/.test(word))
      .map((word) => shorts[word] ?? word.slice(2))
    t.doesNotThrow(() => checkOptions(command, Object.fromEntries(names.map((name) => [name, true]))), line)
  }
})

t.test('every name in the .env of the guide is known', async (t) => {
  const folder = t.testdir({ '.env': blocks(english, 'ini')[0]?.replace(/^ +/gm, '') ?? '' })
  const { warnings, settings, access } = readGiven(folder, 'dev', {})
  t.strictSame(warnings, [])
  t.equal(Object.keys(settings).length, 3)
  t.equal(Object.keys(access).length, 3)
})
