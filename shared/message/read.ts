import { readJson } from '../json.js'
import { MAX_XML, readFlatXml, UNREADABLE, XmlError } from '../xml/flatXml.js'

export type Fields = Readonly<Record<string, unknown>>

type Format = 'json' | 'xml'

/** A pushed text under WeChat's own names, and the format it came in. */
export interface RawPush {
  format: Format
  fields: Fields
}

/** Levels of lists and objects in each other. WeChat's deepest push has four. */
const MAX_DEPTH = 12

/**
 * Parses what anybody may have sent. Undefined unless it is a JSON object or WeChat's kind of XML. What users typed is
 * kept, control characters too; bytes that are no UTF-8, as where a text was cut within a character, become U+FFFD.
 */
export async function readPush(bytes: Buffer): Promise<RawPush | undefined> {
  try {
    const text = new TextDecoder('utf-8').decode(bytes).trim()
    const format = text.startsWith('<') ? 'xml' : 'json'
    const fields = format === 'xml' ? await readXml(text) : readJson(text)
    return isFields(fields) && isShallow(fields, MAX_DEPTH) ? { format, fields } : undefined
  } catch {
    return undefined
  }
}

/** Most pushes are flat, and the flat reader loads no package. It refuses nested elements; those are for the other one. */
async function readXml(text: string): Promise<unknown> {
  try {
    return Object.fromEntries(readFlatXml(text))
  } catch (error) {
    if (error instanceof XmlError) return readNestedXml(text)
    throw error
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth > 0 && Object.values(value).every((each) => isShallow(each, depth - 1))
}

/** A field that is there as a text, and is not empty. */
export function textOf(fields: Fields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined
  return typeof value === 'string' && value !== '' ? value : undefined
}

const CDATA = '<![CDATA['

/**
 * Reads XML in which elements nest and repeat. A declaration of any kind is refused before anything is parsed, so
 * that there is no entity to expand and no address to fetch. Texts stay texts; an element that repeats is a list.
 */
async function readNestedXml(text: string): Promise<unknown> {
  if (text.length > MAX_XML) throw new XmlError('too long')
  if (UNREADABLE.test(text)) throw new XmlError('a character that no text has')
  if (/<!|<\/?document/.test(withoutCdata(text))) throw new XmlError('a declaration')
  const { parseStringPromise } = await import('xml2js')
  const options = { async: false, explicitArray: false, explicitRoot: false, ignoreAttrs: true }
  // Wrapped in an element of our own, anything beside the one root becomes visible.
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
