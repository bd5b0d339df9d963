import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { generatedDocs } from '../../tools/docs/pages.js'

const root = join(import.meta.dirname ?? '', '..', '..')

t.test('the docs say what the declarations say; after a change run: npm run docs', async (t) => {
  const files = await generatedDocs(root)
  for (const [file, text] of files) {
    t.ok(readFileSync(join(root, file), 'utf8') === text, `${file} is up to date`)
  }
  const schemas = readdirSync(join(root, 'docs', 'schemas')).map((name) => `docs/schemas/${name}`)
  t.strictSame(
    schemas.filter((name) => !files.has(name)),
    [],
    'no schema without a function',
  )
})

t.test('the Chinese page is in Chinese; words for new fields go to tools/docs/chinese.ts', async (t) => {
  const rows = readFileSync(join(root, 'docs', 'api.zh-CN.md'), 'utf8').split('\n')
  const prose = rows.filter((row) => row.startsWith('| `')).map((row) => row.replaceAll(/`[^`]*`/g, ''))
  t.ok(prose.length > 300)
  t.strictSame(
    prose.filter((row) => /[a-z]{2,} [a-z]{2,} [a-z]{2,}/.test(row)),
    [],
  )
})

t.test('every code of our own is on the page of errors', async (t) => {
  const folder = join(root, 'shared')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  const sources = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
  const codes = new Set([...sources.matchAll(/errCode: '([A-Z_0-9]+)'/g)].map(([, code = '']) => code))
  t.ok(codes.size > 20)
  const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8')
  t.strictSame(
    [...codes].filter((code) => !page.includes(`| ${code} |`)),
    [],
  )
})
