import fc from 'fast-check'
import t from 'tap'
import * as v from 'valibot'
import { named, object, optional, snakeCase, toWire, unsent } from '../../shared/operation/fields.js'
import { asDeclared, camelCase, fromWire } from '../../shared/weixin/json.js'

const word = fc.stringMatching(/^[a-z]{1,8}$/)
const wireKey = fc
  .array(word, { minLength: 1, maxLength: 4 })
  .map((words) => words.join('_'))
  .filter((key) => key !== 'errcode' && key !== 'errmsg')

t.test('a name survives both ways', async (t) => {
  fc.assert(fc.property(wireKey, (key) => snakeCase(camelCase(key)) === key))
  t.equal(camelCase('errcode'), 'errCode')
  t.equal(camelCase('errmsg'), 'errMsg')
  t.equal(camelCase('phoneNumber'), 'phoneNumber', "WeChat's own camelCase stays")
  t.equal(camelCase('_n'), '_n')
})

const json = fc.jsonValue({ depthSize: 'small' })

t.test('whatever is sent by schema comes back by name', async () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
  fc.assert(
    fc.property(fc.dictionary(wireKey, leaf, { maxKeys: 6 }), (wire) => {
      const input = Object.fromEntries(Object.entries(wire).map(([key, value]) => [camelCase(key), value]))
      const schema = v.strictObject(Object.fromEntries(Object.keys(input).map((key) => [key, v.any()])))
      return sameJson(toWire(schema, input), wire) && sameJson(fromWire(wire), input)
    }),
  )
})

const sameJson = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

t.test("the user's own data is never renamed, however it looks", async () => {
  const schema = object({ templateId: v.string(), data: v.unknown() })
  fc.assert(
    fc.property(json, (data) => {
      const sent = toWire(schema, { templateId: 'x', data }) as { template_id: string; data: unknown }
      const read = fromWire({ raw_data: data, is_ok: true }, ['raw_data']) as { rawData: unknown }
      return sent.template_id === 'x' && sameJson(sent.data, data) && sameJson(read.rawData, data)
    }),
  )
})

t.test('an answer of any shape is read without harm', async (t) => {
  fc.assert(
    fc.property(json, (value) => {
      const read = fromWire(JSON.parse(JSON.stringify(value)))
      return typeof read === typeof value && Array.isArray(read) === Array.isArray(value)
    }),
  )
  const hostile = fromWire(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":1}}'))
  t.equal(({} as { polluted?: unknown }).polluted, undefined)
  t.ok(Object.hasOwn(hostile as object, '__proto__'), 'it stays data')
})

t.test('fields have the wire name they say, those not sent have none', async (t) => {
  const schema = object({
    code: named('js_code', v.string()),
    version: unsent(v.literal(1)),
    lineColor: optional(named('colour', object({ darkPart: v.number() }))),
    list: v.array(object({ itemDesc: v.string() })),
  })
  const input = { code: 'c', version: 1, lineColor: { darkPart: 1 }, list: [{ itemDesc: 'd' }] }
  t.strictSame(toWire(schema, input), { js_code: 'c', colour: { dark_part: 1 }, list: [{ item_desc: 'd' }] })
})

t.test('what WeChat writes now as text, now as number, callers get as declared', async (t) => {
  const schema = v.object({
    msgid: v.string(),
    createdAt: v.number(),
    flags: v.array(v.object({ on: v.optional(v.boolean()) })),
    either: v.union([v.string(), v.number()]),
  })
  t.strictSame(
    asDeclared(schema, { msgid: 200228332, createdAt: '1769832000', flags: [{ on: 0 }, {}], either: '1' }),
    { msgid: '200228332', createdAt: 1769832000, flags: [{ on: false }, {}], either: '1' },
  )
  fc.assert(
    fc.property(json, (value) => {
      asDeclared(schema, value)
      return true
    }),
  )
  t.strictSame(asDeclared(schema, { createdAt: '12345678901234567' }), { createdAt: '12345678901234567' })
})
