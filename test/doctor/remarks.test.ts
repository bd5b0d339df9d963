import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { checks } from '../../tools/doctor/checks/index.js'
import { doctorPages } from '../../tools/doctor/page.js'
import { skippedRemarks } from '../../tools/doctor/skipped.js'

const here = import.meta.dirname ?? ''
const root = join(here, '..', '..')

const all = [
  ...checks.flatMap(({ id, remarks }) =>
    Object.entries(remarks).map(([code, remark]) => ({ name: `${id}/${code}`, remark })),
  ),
  ...Object.entries(skippedRemarks).map(([code, remark]) => ({ name: `any/${code}`, remark: { ...remark } })),
]

t.test('every remark says the same in both languages, and what is wrong can be mended', async (t) => {
  const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
  for (const { name, remark } of all) {
    const { level, what, why, mend } = { why: undefined, mend: undefined, ...remark }
    for (const text of [what, why, mend]) {
      if (!text) continue
      t.strictSame([...new Set(names(text.zh))], [...new Set(names(text.en))], `${name}: the same names`)
      t.match(text.zh, /[\u4e00-\u9fff]/, `${name} is written in Chinese as well`)
    }
    if (level === 'error' || level === 'warn') t.ok(why && mend, `${name} says why, and how to mend it`)
  }
})

t.test('every error and warning is planted in a test', async (t) => {
  const tests = readdirSync(here)
    .filter((file) => file.endsWith('.test.ts') && file !== 'remarks.test.ts')
    .map((file) => readFileSync(join(here, file), 'utf8'))
    .join('\n')
  const grave = all.filter(({ remark }) => remark.level === 'error' || remark.level === 'warn')
  t.strictSame(
    grave.map(({ name }) => name).filter((name) => !tests.includes(`'${name}'`)),
    [],
  )
})

t.test('the pages say what the checks say; after a change run: npm run docs', async (t) => {
  for (const [file, text] of doctorPages()) {
    t.ok(readFileSync(join(root, file), 'utf8') === text, `${file} is up to date`)
  }
})
