import { readFileSync } from 'node:fs'
import t from 'tap'
import { kindOf } from '../../shared/message/kinds.js'

/** The pages say of every kind of push what the declarations say. */

const rowsOf = (page: string) =>
  [
    ...readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8').matchAll(
      /^\| (.+?) \| `(message\.\w+)` \| (.+?) \|$/gm,
    ),
  ].map(([, name = '', eventType = '', marks = '']) => ({
    name,
    eventType,
    marks: [...marks.matchAll(/`(\w+)`/g)].map(([, mark]) => mark),
  }))

for (const page of ['message.md', 'message.zh-CN.md']) {
  t.test(page, async (t) => {
    const rows = rowsOf(page)
    t.ok(rows.length >= 13)
    const events = rows.filter(({ name }) => name.startsWith('`'))
    const [written, other] = rows.slice(events.length)
    for (const { name, eventType, marks } of events) {
      const { eventType: declared, identity } = kindOf('event', name.replaceAll('`', ''))
      t.strictSame({ eventType, marks }, { eventType: declared, marks: identity }, name)
    }
    t.match(written, {
      eventType: kindOf('text', undefined).eventType,
      marks: kindOf('text', undefined).identity,
    })
    t.match(other, { eventType: kindOf('event', 'any').eventType, marks: [] })
  })
}
