import { FORBIDDEN, XmlError } from '../xml/characters.js'
import { MAX_XML } from '../xml/index.js'

const CDATA = '<![CDATA['

/**
 * Reads XML in which elements nest and repeat. A declaration of any kind is refused before anything is parsed, so
 * that there is no entity to expand and no address to fetch. Texts stay texts; an element that repeats is a list.
 */
export async function readNestedXml(text: string): Promise<unknown> {
  if (text.length > MAX_XML) throw new XmlError('too long')
  if (FORBIDDEN.test(text)) throw new XmlError('a character that XML does not allow')
  if (declares(text)) throw new XmlError('a declaration')
  const { parseStringPromise } = await import('xml2js')
  const document: unknown = await parseStringPromise(text, {
    async: false,
    explicitArray: false,
    ignoreAttrs: true,
  })
  if (typeof document !== 'object' || document === null || !('xml' in document))
    throw new XmlError('no <xml>')
  return document.xml
}

/** Whether there is a `<!` outside of CDATA, in which users may write what they like. */
function declares(text: string): boolean {
  for (let at = text.indexOf('<!'); at >= 0; at = text.indexOf('<!', at)) {
    if (!text.startsWith(CDATA, at)) return true
    const close = text.indexOf(']]>', at)
    if (close < 0) return true
    at = close
  }
  return false
}
