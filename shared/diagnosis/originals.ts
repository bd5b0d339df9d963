import type { Cause } from './findings.js'
import { gbkBytes } from './gbk.js'

/** A guess at what was sent, and what would then have happened to it on its way. */
export type Guess<Original = Buffer> = readonly [cause: Cause, original: Original]

const REPLACED = '\ufffd'

/** Whether a text was read in a charset it is not in: what could not be read stands there as this one character. */
export const hasLostBytes = (text: string): boolean => text.includes(REPLACED)

/** What a text may have been before something in front changed it; the plainest first. */
export function* originalTexts(text: string): Generator<Guess<string>> {
  const unescaped = text.replace(/&(?:amp|lt|gt|quot|apos|#0?39|#x27|#34|#x2F|#47);/gi, unescape1)
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

const unescape1 = (entity: string): string => entities[entity.toLowerCase()] ?? entity

/** The same for a body: what its text may have been, and the bytes that may have been read in another charset. */
export function* originalBodies(body: Buffer): Generator<Guess> {
  yield* recharged(body)
  const text = body.toString('utf8')
  for (const [cause, original] of originalTexts(text)) yield [cause, Buffer.from(original)]
  const inner = undoneBase64(text)
  if (inner) yield ['base64 not undone', inner]
}

/** What was sent, if its bytes were read as another charset and written again as UTF-8. */
export function* recharged(body: Buffer): Generator<Guess> {
  const text = body.toString('utf8')
  const latin1 = Buffer.from(text, 'latin1')
  if (!latin1.equals(body) && latin1.toString('latin1') === text) yield ['wrong charset', latin1]
  const gbk = isPlain(text) ? undefined : gbkBytes(text)
  if (gbk) yield ['wrong charset', gbk]
  if (body.length % 2 === 0 && body.includes(0)) {
    yield ['wrong charset', Buffer.from(body.toString('utf16le').replace(/^\ufeff/, ''))]
  }
  const fromGbk = Buffer.from(new TextDecoder('gbk').decode(body))
  if (!isPlain(text) && !fromGbk.equals(body)) yield ['wrong charset', fromGbk]
}

const isPlain = (text: string): boolean => /^[\t\n\r -~]*$/.test(text)

/** What is inside, if all of it is base64. */
export function undoneBase64(text: string): Buffer | undefined {
  const compact = text.trim().replace(/^"|"$/g, '')
  return compact.length > 0 && /^[A-Za-z0-9+/_\r\n-]+={0,2}$/.test(compact)
    ? Buffer.from(compact, 'base64')
    : undefined
}

/** Genuine messages have thirty. */
const MAX_FIELDS = 60
/** Characters, in all values together. */
const MAX_TRIED = 8 * 1024

/** Whether a message may be tried field by field: each try goes over all of it. */
export const isSmall = (fields: ReadonlyMap<string, string>): boolean =>
  fields.size <= MAX_FIELDS && [...fields.values()].join('').length <= MAX_TRIED
