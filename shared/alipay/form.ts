/**
 * The fields of a form body, percent signs and plus signs undone exactly once. Each character of a value stands for
 * one byte, since the charset is among the fields and the signature covers the bytes. Undefined when the body is no
 * such form: a broken percent sign, a name that is no plain word, a name that stands there twice. One pass.
 */
export function formFields(body: Buffer): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>()
  for (const pair of body.toString('latin1').split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = unescaped(equals === -1 ? pair : pair.slice(0, equals))
    const value = unescaped(equals === -1 ? '' : pair.slice(equals + 1))
    if (name === undefined || value === undefined || !/^[\w.-]+$/.test(name) || fields.has(name))
      return undefined
    fields.set(name, value)
  }
  return fields
}

const BROKEN = /%(?![0-9A-Fa-f]{2})/
const ESCAPE = /%([0-9A-Fa-f]{2})/g

function unescaped(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  if (BROKEN.test(spaced)) return undefined
  return spaced.replace(ESCAPE, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

const CHARSETS: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'gbk', 'gb2312', 'gb18030'])

/** The texts that `fields` mean in this charset; undefined when it is none of Alipay's or the bytes are not in it. */
export function decodedFields(
  fields: ReadonlyMap<string, string>,
  charset: string,
): ReadonlyMap<string, string> | undefined {
  if (!CHARSETS.has(charset.toLowerCase())) return undefined
  const decoder = new TextDecoder(charset, { fatal: true, ignoreBOM: true })
  try {
    return new Map([...fields].map(([name, value]) => [name, decoder.decode(Buffer.from(value, 'latin1'))]))
  } catch {
    return undefined
  }
}

/** The charset a `content-type` header names. */
export const charsetOf = (contentType = ''): string | undefined =>
  /charset\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1]
