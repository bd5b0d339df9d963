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
