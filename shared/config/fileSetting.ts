import { readFileSync } from 'node:fs'
import { copiedText, textOfFile, withoutQuotes } from '../crypto/rsa.js'
import type { SettingName } from './names.js'
import { invalidSetting } from './settings.js'

/** Shorter base64 than this could as well be a path; no key or certificate is that short. */
const SHORTEST_BASE64 = 100

/** PEM, or the components of a key as a JSON object: what is read as it stands. */
const isKeyText = (text: string): boolean => text.includes('-----BEGIN') || text.trimStart().startsWith('{')

const isBase64 = (text: string): boolean => /^[A-Za-z0-9+/=\s]+$/.test(text)

/**
 * The text of a key or certificate whose setting holds it as PEM or JSON, as base64 (of these, or of the bare bytes,
 * which stay base64), or as the path of such a file; each of them as consoles, `.env` files, JSON files and shells
 * write it ({@link copiedText}). `setting` is blamed when it is none of them.
 */
export function fileText(setting: SettingName, value: string): string {
  const text = copiedText(value)
  if (isKeyText(text)) return text
  if (text.length >= SHORTEST_BASE64 && isBase64(text)) return unwrapped(text)
  try {
    const bytes = readFileSync(withoutQuotes(value))
    const content = tidied(bytes)
    if (isKeyText(content)) return content
    return isBase64(content) ? unwrapped(content) : bytes.toString('base64')
  } catch (error) {
    // No cause: it names the path, which may be a key that was copied badly.
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown'
    throw invalidSetting(
      setting,
      `neither PEM, nor base64, nor the path of a file that can be read (${code})`,
    )
  }
}

/** What a file holds as text. A tidy one stays as it is, to the last line break: deployments send it on. */
function tidied(bytes: Buffer): string {
  const content = textOfFile(bytes)
  const text = copiedText(content)
  return content.trim() === text ? content : text
}

/** What stands in base64: a text again, in base64 once more perhaps; bytes stay as they are. */
function unwrapped(base64: string): string {
  const text = tidied(Buffer.from(base64, 'base64'))
  if (isKeyText(text)) return text
  return text.length >= SHORTEST_BASE64 && isBase64(text) ? text : base64
}
