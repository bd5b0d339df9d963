import { FORBIDDEN, XmlError } from './characters.js'

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A bare CR would be read back as LF.
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
