/** Finds what XML 1.0 has no way to write: most control characters, and half of a surrogate pair. */
const FORBIDDEN = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/**
 * Finds what no text from outside has in it: NUL, and half of a surrogate pair. Other characters that XML does not allow
 * do come: WeChat passes on what users type, control characters too, and signs it as it is.
 */
export const UNREADABLE = /\0|\p{Surrogate}/u

/** A text, or a use of it, that is not the one kind of document handled here. Never repeats what the text holds. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}

/** A document's fields in the order they came. A `Map`, so that no field name means anything to the language. */
export type FlatXml = ReadonlyMap<string, string>

/** Characters. V2 messages have two or three thousand; a refund query with coupons some twenty thousand. */
export const MAX_XML = 64 * 1024

const MAX_FIELDS = 1000

const NAME = /[A-Za-z_][A-Za-z0-9_.-]{0,63}/y
const SPACE = /[ \t\r\n]*/y
const DECLARATION = /<\?xml[ \t\r\n][^?<>]*\?>/y
const CDATA = '<![CDATA['

/**
 * Reads `<root><name>text</name>...</root>` and nothing else: WeChat Pay V2's messages, which are looked at before
 * anything about them is proved. Declarations of entities, nesting, attributes, comments and repeated names are
 * errors rather than features. One pass, in time proportional to the length. Values are what was meant: entities
 * and CDATA resolved; line ends, spaces at the edges and control characters as they came.
 */
export function readFlatXml(text: string, root = 'xml'): FlatXml {
  if (text.length > MAX_XML) throw new XmlError('too long')
  if (UNREADABLE.test(text)) throw new XmlError('a character that no text has')
  return new Reader(text).document(root)
}

class Reader {
  private at = 0

  constructor(private readonly text: string) {}

  document(root: string): FlatXml {
    this.skip(SPACE)
    this.skip(DECLARATION)
    this.skip(SPACE)
    this.expect(`<${root}`)
    this.skip(SPACE)
    if (this.take('/>')) return this.end(new Map())
    this.expect('>')
    const fields = new Map<string, string>()
    for (this.skip(SPACE); !this.take(`</${root}`); this.skip(SPACE)) this.field(fields)
    this.skip(SPACE)
    this.expect('>')
    return this.end(fields)
  }

  private end(fields: FlatXml): FlatXml {
    this.skip(SPACE)
    if (this.at !== this.text.length) throw new XmlError('something follows the document')
    return fields
  }

  private field(fields: Map<string, string>): void {
    this.expect('<')
    const name = this.name()
    if (fields.has(name)) throw new XmlError('a field stands there twice')
    if (fields.size === MAX_FIELDS) throw new XmlError('too many fields')
    this.skip(SPACE)
    if (this.take('/>')) {
      fields.set(name, '')
      return
    }
    this.expect('>')
    fields.set(name, this.value())
    this.expect(`</${name}`)
    this.skip(SPACE)
    this.expect('>')
  }

  /** Text and CDATA in any mixture, up to the closing tag. */
  private value(): string {
    let value = ''
    for (;;) {
      const next = this.find('<')
      value += resolveEntities(this.text.slice(this.at, next))
      this.at = next
      if (!this.take(CDATA)) return value
      const close = this.find(']]>')
      value += this.text.slice(this.at, close)
      this.at = close + 3
    }
  }

  private name(): string {
    NAME.lastIndex = this.at
    const name = NAME.exec(this.text)?.[0]
    if (name === undefined) throw new XmlError('expected a field')
    this.at += name.length
    return name
  }

  private find(mark: string): number {
    const found = this.text.indexOf(mark, this.at)
    if (found < 0) throw new XmlError('cut off')
    return found
  }

  private take(mark: string): boolean {
    if (!this.text.startsWith(mark, this.at)) return false
    this.at += mark.length
    return true
  }

  private expect(mark: string): void {
    if (!this.take(mark)) throw new XmlError(this.at >= this.text.length ? 'cut off' : 'unexpected markup')
  }

  private skip(pattern: RegExp): void {
    pattern.lastIndex = this.at
    this.at += pattern.exec(this.text)?.[0].length ?? 0
  }
}

const PREDEFINED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

function resolveEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    /&(?:#x([0-9a-fA-F]{1,6});|#(\d{1,7});|([a-z]{2,4});)?/g,
    (_all, hex, decimal, name) => {
      const known = name === undefined ? character(hex, decimal) : PREDEFINED.get(name)
      if (known === undefined) throw new XmlError('an entity that is not known')
      return known
    },
  )
}

function character(hex: string | undefined, decimal: string | undefined): string | undefined {
  const code = hex === undefined ? Number(decimal ?? Number.NaN) : Number.parseInt(hex, 16)
  if (!(code <= 0x10ffff)) return undefined
  const char = String.fromCodePoint(code)
  return UNREADABLE.test(char) ? undefined : char
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // Readers that keep to the letter of XML make LF of a bare CR.
  '\r': '&#13;',
}

/**
 * Writes a flat document. Values are escaped rather than put into CDATA, which cannot hold every text. XmlError for
 * a value with characters that XML cannot hold at all.
 */
export function writeFlatXml(fields: Iterable<readonly [string, string]>, root = 'xml'): string {
  let inner = ''
  for (const [name, value] of fields) {
    if (FORBIDDEN.test(value)) throw new XmlError(`${name}: a character that XML cannot hold`)
    inner += `<${name}>${value.replace(/[&<>\r]/g, (char) => ESCAPES[char] ?? char)}</${name}>`
  }
  return `<${root}>${inner}</${root}>`
}
