const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const NAME = /[A-Za-z_][\w.-]*/y
const BLANK = /\s*/y
const PROLOG = /\s*(?:<\?xml[^>]*>)?\s*/y

/** One pass from left to right over a flat document. */
class Reader {
  #at = 0

  constructor(private readonly text: string) {}

  skip(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.text)?.[0] ?? ''
    this.#at += found.length
    return found
  }

  accept(literal: string): boolean {
    if (!this.text.startsWith(literal, this.#at)) return false
    this.#at += literal.length
    return true
  }

  expect(literal: string): void {
    if (!this.accept(literal)) throw new Error(`expected ${literal} at ${this.#at}`)
  }

  /** Everything before `literal`, which is passed over. */
  until(literal: string): string {
    const end = this.text.indexOf(literal, this.#at)
    if (end < 0) throw new Error(`no ${literal} after ${this.#at}`)
    const found = this.text.slice(this.#at, end)
    this.#at = end + literal.length
    return found
  }

  untilMarkup(): string {
    const end = this.text.indexOf('<', this.#at)
    if (end < 0) throw new Error(`an element does not end after ${this.#at}`)
    const found = this.text.slice(this.#at, end)
    this.#at = end
    return found
  }

  get atEnd(): boolean {
    return this.#at === this.text.length
  }
}

/**
 * The fields of a V2 document: text and CDATA in any mixture, the predefined entities, blanks between elements. Throws at anything else: a DOCTYPE, attributes, elements within elements, a name that comes twice.
 */
export function readXml(text: string): Message {
  const reader = new Reader(text)
  reader.skip(PROLOG)
  reader.expect('<xml>')
  const message: Record<string, string> = Object.create(null)
  for (reader.skip(BLANK); !reader.accept('</xml>'); reader.skip(BLANK)) {
    reader.expect('<')
    const name = reader.skip(NAME)
    if (name === '' || name in message) throw new Error(`no name, or twice the name ${name}`)
    reader.skip(BLANK)
    message[name] = reader.accept('/>') ? '' : readText(reader, name)
  }
  reader.skip(BLANK)
  if (!reader.atEnd) throw new Error('something follows the document')
  return message
}

function readText(reader: Reader, name: string): string {
  reader.expect('>')
  let value = ''
  for (;;) {
    value += resolve(reader.untilMarkup())
    if (reader.accept('<![CDATA[')) value += reader.until(']]>')
    else break
  }
  reader.expect(`</${name}`)
  reader.skip(BLANK)
  reader.expect('>')
  return value
}

function resolve(text: string): string {
  return text.replace(/&([^;&]{0,10});?/g, (_, name: string) => {
    const [, hex, decimal] = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(name) ?? []
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16))
    const value = decimal ? String.fromCodePoint(Number(decimal)) : ENTITIES[name]
    if (value === undefined) throw new Error(`unknown entity ${name}`)
    return value
  })
}

/** Digits bare and the rest in CDATA, one element a line, as the real answers look. `root` names the outer element. */
export function writeXml(message: Message, root = 'xml'): string {
  const lines = Object.entries(message).map(([name, value]) => `<${name}>${wrap(name, value)}</${name}>`)
  return `<${root}>${lines.join('\n')}\n</${root}>`
}

const wrap = (name: string, value: string): string =>
  /^\d+$/.test(value) && /_(fee|count)(_\d+)?$/.test(name)
    ? value
    : `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`

/** A V2 message: names and texts. Without a prototype, since the names come from outside. */
export type Message = Readonly<Record<string, string>>
