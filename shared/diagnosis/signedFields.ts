import { originalBodies, percentDecoded, withoutEntities } from './bodies.js'
import type { Diagnosis, Refusal } from './causes.js'
import { type Guess, hasLostBytes, otherCharsets } from './charsets.js'
import { type Examined, looksLike, misdirected, type Sender } from './sender.js'

/** The fields of a message, by name. */
export type Fields = ReadonlyMap<string, string>

/** How one payment system signs messages whose signature covers a canonical text of their fields. */
export interface FieldSignature {
  sender: Sender
  /** `utf8`: values are texts. `latin1`: every character of a value stands for one byte. */
  encoding: 'utf8' | 'latin1'
  /** The fields of a body; undefined when it cannot be read. */
  read(body: Buffer): Fields | undefined
  /** Whether the signature among these fields was made over these fields, with a key that is known here. */
  isSigned(fields: Fields): boolean
  /** Whether fields are such a message although nothing in them is signed. */
  isUnsignedMessage?(fields: Fields): boolean
  /** The fields of a body in which nothing is an escape any more, as it was decoded already. */
  readDecoded?(body: Buffer): Fields
}

/** Why nothing signed was found in a call: the finding names what gave the body another form. */
export function explainUnread(
  signature: FieldSignature,
  call: Examined,
  reason: Refusal,
): Diagnosis | undefined {
  return misdirected(call, reason, signature.sender) ?? rewrittenBody(signature, call.rawBody)
}

function rewrittenBody(signature: FieldSignature, body: Buffer): Diagnosis | undefined {
  const { sender, read, isSigned, isUnsignedMessage, readDecoded } = signature
  for (const [cause, original] of originalBodies(body)) {
    const fields = read(original)
    if (fields && (isSigned(fields) || isUnsignedMessage?.(fields))) return { cause }
  }
  const text = body.toString('utf8')
  const inJson = fieldsInJson(signature, text)
  if (inJson && isSigned(inJson)) return { cause: 're-serialised JSON' }
  if (readDecoded && isSigned(readDecoded(body))) return { cause: 'double decoding' }
  const isKnown = (bytes: Buffer) => looksLike({}, bytes) === sender
  if (isKnown(body)) return hasLostBytes(text) ? { cause: 'bytes lost' } : undefined
  return isKnown(Buffer.from(percentDecoded(text) ?? '')) ? { cause: 'double decoding' } : undefined
}

/** The fields of a message that was made an object, as the usual XML and form readers do, each value perhaps in a list. */
function fieldsInJson({ read, encoding }: FieldSignature, text: string): Fields | undefined {
  try {
    const value = JSON.parse(text) as unknown
    if (typeof value === 'string') return read(Buffer.from(value))
    const root = (value as { xml?: object }).xml ?? (value as object)
    return new Map(
      Object.entries(root).map(([name, each]) => {
        const first = String(Array.isArray(each) ? each[0] : each)
        return [name, Buffer.from(first).toString(encoding)]
      }),
    )
  } catch {
    return undefined
  }
}

/** What happened to the fields after they were signed: the first guess that the signature was made over. */
export function changedFields(
  { encoding, isSigned, readDecoded }: FieldSignature,
  fields: Fields,
  body: Buffer,
): Diagnosis | undefined {
  if (readDecoded && isSigned(readDecoded(body))) return { cause: 'double decoding' }
  for (const [cause, original] of originalFields(fields, encoding)) if (isSigned(original)) return { cause }
  const texts = [...fields.values()].map((value) => Buffer.from(value, encoding).toString('utf8'))
  return texts.some(hasLostBytes) ? { cause: 'bytes lost' } : undefined
}

/** What the fields may have been: all of them changed alike, the signature too, or one that lost something. */
function* originalFields(fields: Fields, encoding: FieldSignature['encoding']): Generator<Guess<Fields>> {
  const pairs = [...fields]
  const changed = (change: (value: string) => string): Fields =>
    new Map(pairs.map(([name, value]) => [name, change(value)]))
  yield ['double decoding', changed((value) => value.replaceAll(' ', '+'))]
  yield ['HTML entities', changed(withoutEntities)]
  yield [
    'double decoding',
    changed((value) => value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')),
  ]
  yield ['line ends changed', changed((value) => value.replace(/\r?\n/g, '\r\n'))]
  yield ['line ends changed', changed((value) => value.replaceAll('\r\n', '\n'))]
  yield ['ends trimmed', changed((value) => value.trim())]
  for (const nth of [0, 1, 2]) {
    const other = (value: string) =>
      [...otherCharsets(Buffer.from(value, encoding))][nth]?.[1].toString(encoding)
    yield ['wrong charset', changed((value) => other(value) ?? value)]
  }
  if (!isSmall(fields)) return
  for (const [name, value] of pairs) {
    const text = Buffer.from(value, encoding).toString('utf8')
    for (const ended of [`${value} `, ` ${value}`, `${value}\n`, `\n${value}`, ` ${value} `]) {
      yield ['ends trimmed', new Map([...pairs, [name, ended]])]
    }
    for (const escaped of percentEncoded(text)) {
      yield ['double decoding', new Map([...pairs, [name, escaped]])]
    }
  }
}

/** A lone surrogate cannot be encoded. */
function percentEncoded(text: string): string[] {
  try {
    return [encodeURI(text), encodeURIComponent(text)]
  } catch {
    return []
  }
}

/** Genuine messages have thirty. */
const MAX_FIELDS = 60
/** Characters, in all values together. */
const MAX_TRIED = 8 * 1024

/** Whether a message may be tried field by field: each try goes over all of it. */
const isSmall = (fields: Fields): boolean =>
  fields.size <= MAX_FIELDS && [...fields.values()].join('').length <= MAX_TRIED
