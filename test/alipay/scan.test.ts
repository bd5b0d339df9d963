import fc from 'fast-check'
import t from 'tap'
import { textOf, topLevelMembers } from '../../shared/alipay/answer.js'

const scan = (text: string) => topLevelMembers(Buffer.from(text))

/** What the scanner cuts out, member by member. */
function cut(text: string): Record<string, string> | undefined {
  const bytes = Buffer.from(text)
  const members = topLevelMembers(bytes)
  return (
    members &&
    Object.fromEntries(
      [...members.values()].map(({ name, start, end }) => [
        name,
        bytes.subarray(start, end).toString('utf8'),
      ]),
    )
  )
}

t.test('every value is cut out exactly as it was written, whatever stands around it', async (t) => {
  const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/)
  const member = fc.record({ name: fc.string({ unit: 'grapheme' }), value: fc.jsonValue(), space })
  const members = fc.uniqueArray(member, { selector: ({ name }) => name, maxLength: 8 })
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(members, space, fc.boolean(), (all, dependencies, isIndented) => {
        const texts = all.map(({ value }) => JSON.stringify(value, null, isIndented ? 2 : 0))
        const inner = all.map(
          ({ name, space: s }, i) => `${s}${JSON.stringify(name)}${s}:${s}${texts[i]}${s}`,
        )
        const expected = new Map(all.map(({ name }, i) => [name, texts[i]]))
        const bytes = Buffer.from(`${dependencies}{${inner.join(',')}}${dependencies}`)
        const found = topLevelMembers(bytes)
        return (
          found?.size === expected.size &&
          [...found.values()].every(
            ({ name, start, end }) => bytes.subarray(start, end).toString('utf8') === expected.get(name),
          )
        )
      }),
      { numRuns: 500 },
    ),
  )
})

t.test('no bytes make it throw, and what it finds lies inside them', async (t) => {
  const alphabet = fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', ' ', 'a', '1', 'é')
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 60 }), (text) => {
        const bytes = Buffer.from(text)
        const members = topLevelMembers(bytes)
        return [...(members?.values() ?? [])].every(
          ({ start, end }) => start > 0 && start < end && end < bytes.length,
        )
      }),
      { numRuns: 3000 },
    ),
  )
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        topLevelMembers(Buffer.from(bytes))
        return true
      }),
    ),
  )
})

t.test('it finds the members of whatever JSON.parse takes for an object', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const parsed = JSON.parse(JSON.stringify(object)) as object
        const names = [...(scan(JSON.stringify(object))?.keys() ?? [])]
        return JSON.stringify(names.sort()) === JSON.stringify(Object.keys(parsed).sort())
      }),
    ),
  )
})

t.test('the ways in which Alipay writes', async (t) => {
  const value = '{"code":"10000","sign":"inner","url":"http:\\/\\/x","a":[{"sign":"}"}]}'
  const expected = { a_response: value, sign: '"S=="' }
  t.strictSame(cut(`{"a_response":${value},"sign":"S=="}`), expected)
  t.strictSame(cut(`{"sign":"S==","a_response":${value}}`), expected, 'the signature in front')
  t.strictSame(cut(`\n{ "a_response" :\r\n${value} ,\t"sign"\n:"S==" }\n`), expected, 'space around')
  t.strictSame(
    cut(`{"a_response":${value},"alipay_cert_sn":"x","sign":"S=="}`),
    { ...expected, alipay_cert_sn: '"x"' },
    'a member between',
  )
  t.strictSame(cut('{"a_response":"ab\\"},{=","sign":"S=="}'), { a_response: '"ab\\"},{="', sign: '"S=="' })
})

t.test('what is no object, or says a thing twice, is nothing', async (t) => {
  const wrong = [
    '',
    ' ',
    '[]',
    '"a"',
    '<html>',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{"a":}',
    '{"a" 1}',
    '{a:1}',
    '{"a":"x}',
    '{"a":{"b":1}',
    '{"a":[1}',
    '{"a":1}x',
    '{"a":1}{"b":2}',
    '{"a":1,"a":2}',
    '{"sign":"1","\\u0073ign":"2"}',
    '{"\\x":1}',
    '{}x',
  ]
  for (const text of wrong) t.equal(scan(text), undefined, text)
  t.strictSame([...(scan('{}') ?? [1])], [])
  t.strictSame([...(scan('{"__proto__":1,"constructor":2}')?.keys() ?? [])], ['__proto__', 'constructor'])
})

t.test('more members than any answer has are not looked through', async (t) => {
  const members = (n: number) => `{${Array.from({ length: n }, (_, i) => `"f${i}":1`).join()}}`
  t.equal(scan(members(100))?.size, 100)
  t.equal(scan(members(101)), undefined)
})

t.test('work grows with the length', async (t) => {
  const nested = (n: number) => `{"a":${'['.repeat(n)}${']'.repeat(n)},"b":"${'\\"'.repeat(n)}"}`
  const time = (n: number) => {
    const bytes = Buffer.from(nested(n))
    const once = () => {
      const startedAt = process.hrtime.bigint()
      topLevelMembers(bytes)
      return Number(process.hrtime.bigint() - startedAt)
    }
    return Math.min(...Array.from({ length: 7 }, once))
  }
  time(20_000)
  const ratio = time(200_000) / time(20_000)
  t.ok(ratio < 40, `ten times the bytes took ${ratio.toFixed(1)} times as long`)
})

t.test('textOf', async (t) => {
  t.equal(textOf(Buffer.from('"a\\u4e2d"')), 'a中')
  for (const other of ['1', '{"a":1}', '"a', 'null', ''])
    t.equal(textOf(Buffer.from(other)), undefined, other)
})
