import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readCatalog } from '../../tools/catalog/index.js'
import { chinese } from '../../tools/docs/chinese.js'
import { generatedPages } from '../../tools/docs/pages.js'
import { GENERATED, generatedSources } from '../../tools/generate/sources.js'
import { teachNodeTypeScript } from '../support/sources.js'

teachNodeTypeScript()

/** What programs write is what they would write now. */

const root = join(import.meta.dirname, '..', '..')
const catalog = await readCatalog(root)
const isUpToDate = ([file, text]: [string, string]): boolean =>
  readFileSync(join(root, file), 'utf8') === text

t.test('the generated sources are up to date; after a change run: npm run generate', async (t) => {
  const sources = await generatedSources(catalog)
  for (const source of sources) t.ok(isUpToDate(source), source[0])
  t.strictSame(
    readdirSync(join(root, GENERATED))
      .map((name) => join(GENERATED, name))
      .sort(),
    [...sources.keys()].sort(),
  )
})

t.test('the pages are up to date; after a change run: npm run docs', async (t) => {
  for (const page of generatedPages(catalog)) t.ok(isUpToDate(page), page[0])
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

t.test('every Chinese text is of an English one that is there', async (t) => {
  const page = readFileSync(join(root, 'docs', 'api.md'), 'utf8').replaceAll('\\|', '|')
  t.strictSame(
    Object.keys(chinese).filter((english) => !page.includes(english)),
    [],
  )
})
