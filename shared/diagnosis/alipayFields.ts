import { type Guess, isSmall, originalTexts, recharged } from './originals.js'

/** Every character stands for one byte, as in `formFields`. */
export type Fields = ReadonlyMap<string, string>

/** The fields of a form that was made an object and written as JSON. */
export function objectIn(body: Buffer): Fields | undefined {
  try {
    const value = JSON.parse(body.toString('utf8')) as object
    return new Map(Object.entries(value).map(([name, each]) => [name, asBytes(String(each))]))
  } catch {
    return undefined
  }
}

const asBytes = (text: string): string => Buffer.from(text).toString('latin1')
export const asText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')

/** The fields of a body that has been decoded already: nothing in it is an escape any more. */
export function undecoded(body: Buffer): Fields {
  const pairs = body.toString('latin1').split(/&(?=[a-z_]+=)/)
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, Math.max(0, equals)), pair.slice(equals + 1)]
    }),
  )
}

/** What the fields may have been: all of them changed alike, or one that lost something. */
export function* originalFields(fields: Fields, body: Buffer): Generator<Guess<Fields>> {
  const pairs = [...fields]
  const changed = (change: (value: string) => string): Fields =>
    new Map(pairs.map(([name, value]) => [name, change(value)]))
  yield ['double decoding', undecoded(body)]
  yield ['double decoding', changed((value) => value.replaceAll(' ', '+'))]
  yield [
    'HTML entities',
    changed((value) => new Map([...originalTexts(value)]).get('HTML entities') ?? value),
  ]
  yield ['line ends changed', changed((value) => value.replace(/\r?\n/g, '\r\n'))]
  yield ['line ends changed', changed((value) => value.replaceAll('\r\n', '\n'))]
  for (const nth of [0, 1, 2]) {
    const other = (value: string) => [...recharged(Buffer.from(value, 'latin1'))][nth]?.[1].toString('latin1')
    yield ['wrong charset', changed((value) => other(value) ?? value)]
  }
  if (!isSmall(fields)) return
  for (const [name, value] of pairs) {
    for (const ended of [`${value} `, ` ${value}`, `${value}\n`, ` ${value} `]) {
      yield ['ends trimmed', new Map([...pairs, [name, ended]])]
    }
    for (const escaped of [encodeURI(asText(value)), encodeURIComponent(asText(value))]) {
      yield ['double decoding', new Map([...pairs, [name, escaped]])]
    }
  }
}
