import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import ts from 'typescript'
import { ownCodes } from '../../tools/docs/ownCodes.js'
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

interface MadeError {
  code: string
  /** Undefined where it differs from call to call. */
  advice?: string | undefined
  outcome: string
}

/** Every error of our own as the sources make it. */
function* madeErrors(): Generator<MadeError> {
  const folder = join(root, 'shared')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  )
  for (const name of names) {
    const text = readFileSync(join(folder, name), 'utf8')
    if (text.includes("errCode: '"))
      yield* errorsIn(ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true))
  }
}

function* errorsIn(node: ts.Node): Generator<MadeError> {
  if (ts.isObjectLiteralExpression(node)) {
    const texts = new Map(node.properties.map((property) => [property.name?.getText(), textOf(property)]))
    const code = texts.get('errCode')
    // What `OpenapiError` takes where nothing is said.
    const advice = texts.has('advice') ? texts.get('advice') : 'fix the request'
    if (code && /^[A-Z_]+$/.test(code)) yield { code, advice, outcome: texts.get('outcome') ?? 'failed' }
  }
  for (const child of childrenOf(node)) yield* errorsIn(child)
}

const textOf = (property: ts.ObjectLiteralElementLike): string | undefined =>
  ts.isPropertyAssignment(property) && ts.isStringLiteral(property.initializer)
    ? property.initializer.text
    : undefined

function childrenOf(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = []
  ts.forEachChild(node, (child) => void found.push(child))
  return found
}

t.test('the page of errors has every code of our own, as the sources make it', async (t) => {
  const page = readFileSync(join(root, 'docs', 'errors.md'), 'utf8')
  const known: Readonly<Record<string, { advice: string; outcome?: string }>> = ownCodes
  const made = [...madeErrors()]
  t.ok(made.length > 30)
  for (const { code, advice, outcome } of made) {
    t.match(page, `| ${code} |`)
    const told = known[code]
    if (!told) continue
    t.equal(told.outcome ?? 'failed', outcome, code)
    if (advice !== undefined) t.equal(told.advice, advice, code)
  }
})
