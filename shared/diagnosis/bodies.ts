import type { Diagnosis } from './causes.js'
import { type Guess, hasLostBytes, otherCharsets } from './charsets.js'

/**
 * What happened to a JSON body after it was signed: the first guess for which `isOriginal` says that it was signed.
 * Providers whose signatures cover the bytes of a body hand in `isOriginal`.
 */
export function changedBody(body: Buffer, isOriginal: (original: string | Buffer) => boolean): Diagnosis {
  for (const [cause, original] of originalBodies(body)) if (isOriginal(original)) return { cause }
  for (const original of originalJson(body)) if (isOriginal(original)) return { cause: 're-serialised JSON' }
  const text = body.toString('utf8')
  if (undecoded(text).some(isOriginal)) return { cause: 'double decoding' }
  return hasLostBytes(text) ? { cause: 'bytes lost' } : { cause: 'changed on the way' }
}

/** What a body may have been: its bytes read in another charset, its text changed, or all of it made base64. */
export function* originalBodies(body: Buffer): Generator<Guess> {
  yield* otherCharsets(body)
  const text = body.toString('utf8')
  for (const [cause, original] of originalTexts(text)) yield [cause, Buffer.from(original)]
  const inner = fromBase64(text)
  if (inner) yield ['base64 not undone', inner]
}

/** What a text may have been before something in front changed it; the plainest first. */
function* originalTexts(text: string): Generator<Guess<string>> {
  const unescaped = withoutEntities(text)
  if (unescaped !== text) yield ['HTML entities', unescaped]
  yield ['line ends changed', text.replace(/\r?\n/g, '\r\n')]
  yield ['line ends changed', text.replaceAll('\r\n', '\n')]
  for (const end of ['\n', '\r\n', ' ']) yield ['ends trimmed', text + end]
  yield ['ends trimmed', ` ${text}`]
  yield ['ends trimmed', text.trim()]
}

const entities: Readonly<Record<string, string>> = {
  ...{ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" },
  ...{ '&#39;': "'", '&#039;': "'", '&#x27;': "'", '&#34;': '"', '&#x2f;': '/', '&#47;': '/' },
}

/** A text before a filter against scripts escaped it. */
export const withoutEntities = (text: string): string =>
  text.replace(
    /&(?:amp|lt|gt|quot|apos|#0?39|#x27|#34|#x2F|#47);/gi,
    (entity) => entities[entity.toLowerCase()] ?? entity,
  )

/** What is inside, if all of it is base64. */
export function fromBase64(text: string): Buffer | undefined {
  const compact = text.trim().replace(/^"|"$/g, '')
  return compact.length > 0 && /^[A-Za-z0-9+/_\r\n-]+={0,2}$/.test(compact)
    ? Buffer.from(compact, 'base64')
    : undefined
}

/** What it was before it was taken for a form: ciphertexts and signatures have plus signs, and never spaces. */
function undecoded(text: string): string[] {
  const inBase64 = text.replace(/"[A-Za-z0-9+/ ]{16,}={0,2}"/g, (value) => value.replaceAll(' ', '+'))
  return [inBase64, text.replaceAll(' ', '+'), percentDecoded(text) ?? text]
}

/** A text with its percent escapes undone; undefined when they are not of UTF-8. */
export function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** The order in which WeChat Pay V3 writes the members of a notice. */
const ORDER = [
  ...['id', 'create_time', 'resource_type', 'event_type', 'summary', 'resource'],
  ...['original_type', 'algorithm', 'ciphertext', 'associated_data', 'nonce'],
]

type Json = Readonly<Record<string, unknown>>

/**
 * The texts a JSON body may have been before it was read and written anew: the same values in the orders and with the
 * escapes that are in use. Nothing when it is no JSON object, or one inside a JSON text.
 */
function* originalJson(body: Buffer): Generator<string> {
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
    yield compact
    yield compact.replaceAll('/', '\\/')
    yield withEscapedUnicode(compact)
    yield JSON.stringify(each, null, 2)
    yield compact.replaceAll('":', '": ').replaceAll(',"', ', "')
  }
}

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

const withEscapedUnicode = (text: string): string =>
  text.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
