import { type FlatXml, MAX_XML, readFlatXml } from '../../xml/flatXml.js'

/** Why bytes could not be read as a message. */
export type Unreadable = 'empty' | 'too large' | 'malformed'

/**
 * The fields of a V2 message, or why it is none. Bytes that are not UTF-8 are refused rather than repaired: a
 * repaired text has another signature.
 */
export function readMessage(bytes: Buffer, root?: string): FlatXml | Unreadable {
  if (bytes.length === 0) return 'empty'
  if (bytes.length > MAX_XML) return 'too large'
  try {
    return readFlatXml(new TextDecoder('utf-8', { fatal: true }).decode(bytes), root)
  } catch {
    return 'malformed'
  }
}
