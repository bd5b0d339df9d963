/** The order in which WeChat Pay writes the members of a notice. */
const ORDER = [
  ...['id', 'create_time', 'resource_type', 'event_type', 'summary', 'resource'],
  ...['original_type', 'algorithm', 'ciphertext', 'associated_data', 'nonce'],
]

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const sorted = (value: unknown, byName: (one: string, other: string) => number): unknown =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .sort(([one], [other]) => byName(one, other))
          .map(([name, each]) => [name, sorted(each, byName)]),
      )
    : value

const place = (name: string): number => {
  const at = ORDER.indexOf(name)
  return at < 0 ? ORDER.length : at
}

const unchanged = (text: string): string => text
const escapedSlashes = (text: string): string => text.replaceAll('/', '\\/')
const escapedUnicode = (text: string): string =>
  text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

/**
 * The texts a JSON body may have been before somebody read it and wrote it anew: the same values in the orders and with
 * the escapes that are in use. Nothing when it is no JSON object, or one inside a JSON text.
 */
export function* jsonTexts(body: Buffer): Generator<string> {
  const value = parsed(body.toString('utf8'))
  if (typeof value === 'string') yield value
  if (!isObject(value)) return
  const orders = [
    value,
    sorted(value, (one, other) => place(one) - place(other)),
    sorted(value, (one, other) => (one < other ? -1 : 1)),
  ]
  for (const each of orders) {
    const compact = JSON.stringify(each)
    for (const write of [unchanged, escapedSlashes, escapedUnicode]) yield write(compact)
    yield JSON.stringify(each, null, 2)
    yield compact.replaceAll('":', '": ').replaceAll(',"', ', "')
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
