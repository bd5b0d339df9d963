import { FORBIDDEN, MAX_XML, XmlError } from '../xml/flatXml.js'

const CDATA = '<![CDATA['

/**
 * Reads XML in which elements nest and repeat. A declaration of any kind is refused before anything is parsed, so
 * that there is no entity to expand and no address to fetch. Texts stay texts; an element that repeats is a list.
 */
export async function readNestedXml(text: string): Promise<unknown> {
  if (text.length > MAX_XML) throw new XmlError('too long')
  if (FORBIDDEN.test(text)) throw new XmlError('a character that XML does not allow')
  if (/<!|<\/?document/.test(withoutCdata(text))) throw new XmlError('a declaration')
  const { parseStringPromise } = await import('xml2js')
  const options = { async: false, explicitArray: false, explicitRoot: false, ignoreAttrs: true }
  // In an element of our own, whatever stands beside the one root shows.
  const document: unknown = await parseStringPromise(`<document>${text}</document>`, options)
  const [[name, root] = [], ...others] = Object.entries(document ?? {})
  if (name !== 'xml' || Array.isArray(root) || others.length > 0) throw new XmlError('not one <xml>')
  return root
}

/** What users write stands in CDATA, and may look like anything. */
function withoutCdata(text: string): string {
  let dependencies = ''
  for (let at = 0; ; ) {
    const open = text.indexOf(CDATA, at)
    if (open < 0) return dependencies + text.slice(at)
    dependencies += text.slice(at, open)
    const close = text.indexOf(']]>', open)
    if (close < 0) throw new XmlError('cut off')
    at = close + 3
  }
}
