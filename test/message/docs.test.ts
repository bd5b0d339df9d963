import { readFileSync } from 'node:fs'
import t from 'tap'
import { kindOf } from '../../shared/message/kinds.js'

/** The pages say of every kind of push what the declarations say. */

const rowsOf = (page: string) =>
  [
    ...readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8').matchAll(
      /^\| (.+?) \| `(message\.\w+)` \| (.+?) \|$/gm,
    ),
  ].map(([, name = '', tells = '', marks = '']) => ({
    name,
    tells,
    marks: [...marks.matchAll(/`(\w+)`/g)].map(([, mark]) => mark),
  }))

for (const page of ['message.md', 'message.zh-CN.md']) {
  t.test(page, async (t) => {
    const rows = rowsOf(page)
    t.ok(rows.length >= 13)
    const events = rows.filter(({ name }) => name.startsWith('`'))
    const [written, other] = rows.slice(events.length)
    for (const { name, tells, marks } of events) {
      const { tells: told, identity } = kindOf('event', name.replaceAll('`', ''))
      t.strictSame({ tells, marks }, { tells: told, marks: identity }, name)
    }
    t.match(written, { tells: kindOf('text', undefined).tells, marks: kindOf('text', undefined).identity })
    t.match(other, { tells: kindOf('event', 'any').tells, marks: [] })
  })
}
