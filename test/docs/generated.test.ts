import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { generatedDocs } from '../../tools/docs/pages.js'
import { teachNodeTypeScript } from '../support/sources.js'

teachNodeTypeScript()

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
