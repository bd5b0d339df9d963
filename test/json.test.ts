import fc from 'fast-check'
import t from 'tap'
import { readJson } from '../shared/json.js'

/** What platforms write as JSON, untidy as it comes. */

const LONG = '12345678901234567890'

t.test('what JSON.parse reads is read as JSON.parse reads it', async (t) => {
  const space = fc.constantFrom('', ' ', '\n\t', '\r\n')
  const value = fc.jsonValue({ maxDepth: 4 })
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(value, space, (given, indent) => {
        const text = JSON.stringify(given, undefined, indent)
        const isExact = !/\d{16}/.test(text)
        return !isExact || JSON.stringify(readJson(text)) === JSON.stringify(JSON.parse(text))
      }),
      { numRuns: 1000 },
    ),
  )
  const proto = readJson('{"__proto__":{"a":1},\n"b":12345678901234567890}') as object
  t.strictSame(Object.keys(proto), ['__proto__', 'b'], 'a name like any other')
  t.equal((proto as { a?: unknown }).a, undefined)
})

t.test('what JSON.parse refuses is refused, long numbers and control characters or not', async (t) => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\n',
    '\u001d',
    'a',
    '1',
    '-',
    '.',
    'e',
    '0',
    LONG,
    ' ',
  ]
  const soup = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((parts) => parts.join(''))
  const outcome = (read: () => unknown) => {
    try {
      return JSON.stringify(read())
    } catch (error) {
      return error instanceof SyntaxError ? 'refused' : String(error)
    }
  }
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(soup, (text) => {
        const read = outcome(() => readJson(text))
        const strict = outcome(() => JSON.parse(text))
        // Only what lies in a text may make the difference.
        return read === 'refused'
          ? strict === 'refused'
          : strict !== 'refused' || /"[\s\S]*\p{Cc}/u.test(text)
      }),
      { numRuns: 20_000 },
    ),
  )
  const wrong = [
    '',
    '{',
    '"',
    '"\\',
    `{${LONG}:1}`,
    `{${LONG} \n:1}`,
    `0${LONG}`,
    `+${LONG}`,
    `--${LONG}`,
    `${LONG}.`,
    `"a"${LONG}`,
    `${LONG}${LONG}a`,
    `a${LONG}`,
    `"\\\n${LONG}"`,
    `"${LONG}`,
    '"\\u00\n0a"',
    '\u001d{}',
    '{"a":1\u0002}',
    '{}\ufeff',
    '\ufeff\ufeff{}',
  ]
  for (const text of wrong) t.throws(() => readJson(text), SyntaxError, JSON.stringify(text))
})

t.test('no digit is lost', async (t) => {
  t.strictSame(
    readJson(`[${LONG},-${LONG},9007199254740991,9007199254740993,1.5,"${LONG}",1e30,0.1234567890123]`),
    [...[LONG, `-${LONG}`, 9007199254740991, '9007199254740993', 1.5, LONG, 1e30, 0.1234567890123]],
  )
  t.strictSame(
    readJson(`{"${LONG}":${LONG} ,"a\\":${LONG}":1}`),
    { [LONG]: LONG, [`a":${LONG}`]: 1 },
    'names stay names',
  )
})

t.test('of a repeated name the last one counts, whatever else stands there', async (t) => {
  for (const beside of ['1', LONG, '"\n"', '"\u001d"', `[${LONG},"\t"]`]) {
    t.match(readJson(`{"a":1,"b":${beside},"a":{"c":1,"c":2},"a":{"c":3,"c":4}}`), { a: { c: 4 } }, beside)
  }
})

t.test('a text may hold bare control characters, and a mark may stand in front', async (t) => {
  for (let code = 0; code < 0x20; code++) {
    const character = String.fromCharCode(code)
    t.strictSame(readJson(`{"a${character}":"${character}b\\\\${character}\\"${character}"}`), {
      [`a${character}`]: `${character}b\\${character}"${character}`,
    })
  }
  t.strictSame(readJson('{"a":"\u007f\ufffe\u2028"}'), { a: '\u007f\ufffe\u2028' })
  t.strictSame(readJson('\ufeff{"a":1}'), { a: 1 })
})

t.test('hostile texts take no longer than others', async (t) => {
  const MANY = 500_000
  for (const piece of ['"', '\\"', '"\n"', `${LONG} `, '-', '1\n', '[', '\u0001', '{"a":', `${LONG}:`]) {
    const text = piece.repeat(MANY / piece.length)
    const startedAt = process.cpuUsage().user
    t.throws(() => readJson(`[${text}`), SyntaxError, piece)
    t.throws(() => readJson(`["${text}`), SyntaxError, piece)
    t.ok(process.cpuUsage().user - startedAt < 3e6, piece)
  }
})
