import fc from 'fast-check'
import t from 'tap'
import * as v from 'valibot'
import { weixin } from '../../shared/generated/apis.js'
import { snakeCaseKeys, toInputNames } from '../../shared/library/vk/names.js'
import { list, object, optional, text, toWire, unsent } from '../../shared/operation/fields.js'

/** vk's words and ours, both ways. */

const word = text({ like: 'anything' })

t.test('every name of every API is found again from its name on the wire', async (t) => {
  const operations = Object.values(weixin).flatMap((entry: object) =>
    Object.values(entry).filter((each) => typeof each === 'object' && each !== null && 'input' in each),
  ) as { name: string; input: v.GenericSchema & { entries?: object } }[]
  t.ok(operations.length >= 40)
  for (const { name, input } of operations) {
    // Leaves alone: what lies below is renamed by the same rule.
    const ours = Object.fromEntries(Object.keys(input.entries ?? {}).map((key) => [key, `of ${key}`]))
    const wire = toWire(input, ours) as Record<string, unknown>
    const back = toInputNames(input, wire) as Record<string, unknown>
    for (const [key, value] of Object.entries(back)) t.equal(value, `of ${key}`, `${name}: ${key}`)
  }
})

t.test('whatever the values are, names come back and a user’s own data is left alone', async (t) => {
  const schema = object({
    templateId: word,
    lineColor: optional(object({ redPart: v.number() })),
    detailList: list(object({ goodsName: word }), 0, 9),
    data: v.record(v.string(), v.unknown()),
  })
  const given = fc.record({
    templateId: fc.string(),
    lineColor: fc.option(fc.record({ redPart: fc.integer() }), { nil: undefined }),
    detailList: fc.array(fc.record({ goodsName: fc.string() })),
    data: fc.dictionary(fc.string(), fc.jsonValue()),
  })
  fc.assert(
    fc.property(given, (ours) => {
      const plain = JSON.parse(JSON.stringify(ours)) as object
      t.strictSame(toInputNames(schema, toWire(schema, plain)), plain)
      t.strictSame(toInputNames(schema, plain), plain, 'our own names are understood as well')
    }),
    { numRuns: 50 },
  )
})

t.test('what is none of the names stays, for the error to name it', async (t) => {
  const schema = object({ path: word, version: unsent(v.number()) })
  const hostile = JSON.parse(
    '{"__proto__":{"path":"x"},"constructor":1,"path":"p","nope_x":1,"version":2}',
  ) as object
  const words = toInputNames(schema, hostile) as object
  t.same(Object.keys(words), ['__proto__', 'constructor', 'path', 'nope_x', 'version'])
  t.equal(Object.getPrototypeOf(words), Object.prototype)
  for (const odd of [undefined, null, 'text', 1, [], [1]]) t.same(toInputNames(schema, odd), odd)
})

t.test('snake_case, deeply, and bytes as they are', async (t) => {
  const bytes = Buffer.from('x')
  t.strictSame(snakeCaseKeys({ qrCodeUrl: 'u', list: [{ innerKey: bytes }], price2: 1, none: null }), {
    qr_code_url: 'u',
    list: [{ inner_key: bytes }],
    price2: 1,
    none: null,
  })
})
