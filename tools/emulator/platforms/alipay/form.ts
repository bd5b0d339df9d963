import { gbkBytes } from '../../../../shared/diagnosis/charsets.js'

/** Names and values of a form or a query; of a repeated name the first one counts. */
export type Fields = Readonly<Record<string, string>>

const pairs = (text: string): [string, string][] =>
  text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
    })

/** A form's bytes, percent signs and plus signs undone once, and only then read as text. */
export const readForm = (text: string, charset: Charset): Fields =>
  collected(pairs(text).map((pair) => pair.map((part) => readPart(part, charset)) as [string, string]))

/** As the wallet on a phone reads an order string: UTF-8, and a space is `%20` or, as Java writes it, a plus sign. */
export const readOrderString = (text: string): Fields =>
  collected(pairs(text).map(([name, value]) => [name, decodeURIComponent(value.replaceAll('+', ' '))]))

function collected(read: [string, string][]): Fields {
  const fields: Record<string, string> = Object.create(null)
  for (const [name, value] of read) fields[name] ??= value
  return fields
}

function readPart(part: string, charset: Charset): string {
  const bytes = part
    .replaceAll('+', ' ')
    .replace(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return decoded(Buffer.from(bytes, 'latin1'), charset)
}

/** As Java writes forms, which is what Alipay is written in: a space is a plus sign, `*` stays as it is. */
export const writeForm = (fields: Fields, charset: Charset): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${writePart(value, charset)}`)
    .join('&')

const writePart = (value: string, charset: Charset): string =>
  [...encoded(value, charset)].map((byte) => SAFE[byte] ?? percent(byte)).join('')

const percent = (byte: number): string => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`

const SAFE: Readonly<Record<number, string>> = {
  ...Object.fromEntries(
    [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-*_'].map((sign) => [
      sign.charCodeAt(0),
      sign,
    ]),
  ),
  [' '.charCodeAt(0)]: '+',
}

/** The two that Alipay's gateway speaks. */
export type Charset = 'utf-8' | 'gbk'

const names: Readonly<Record<string, Charset>> = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  gbk: 'gbk',
  gb2312: 'gbk',
  gb18030: 'gbk',
}

export const charsetNamed = (name: string): Charset | undefined => names[name.toLowerCase()]

/** What Alipay calls GBK is GB18030, of which browsers' and Node's `gbk` decoder knows only a part. */
const decoders = {
  'utf-8': new TextDecoder('utf-8'),
  gbk: new TextDecoder('gb18030'),
}

export const decoded = (bytes: Uint8Array, charset: Charset): string => decoders[charset].decode(bytes)

/** Half a surrogate pair becomes a question mark, as Java has it. */
export const encoded = (text: string, charset: Charset): Buffer =>
  charset === 'utf-8' ? Buffer.from(text) : Buffer.concat([...text].map(gbkOrMark))

const gbkOrMark = (character: string): Buffer => gbkBytes(character) ?? Buffer.from('?')
