import { readFileSync } from 'node:fs'
import type { SettingName } from './names.js'
import { invalidSetting } from './settings.js'

/** Shorter base64 than this could as well be a path; no key or certificate is that short. */
const SHORTEST_BASE64 = 100

/** Consoles and chats leave these in what is copied from them. */
const INVISIBLE = /[\u00a0\u200b-\u200f\u2060\ufeff]/g

/** PEM, or the components of a key as a JSON object: what is read as it stands. */
const isKeyText = (text: string): boolean => text.includes('-----BEGIN') || text.trimStart().startsWith('{')

/**
 * The text of a key or certificate whose setting holds it as PEM or JSON, as base64 (of these, or of the bare bytes,
 * which stay base64), or as the path of such a file. `setting` is blamed when it is none of them.
 */
export function fileText(setting: SettingName, value: string): string {
  const visible = value.replace(INVISIBLE, '').trim()
  if (isKeyText(visible)) return visible
  if (visible.length >= SHORTEST_BASE64 && /^[A-Za-z0-9+/=\s]+$/.test(visible)) return unwrapped(visible)
  try {
    const bytes = readFileSync(visible)
    const text = bytes.toString('utf8').replace(INVISIBLE, '')
    return isKeyText(text) || /^[A-Za-z0-9+/=\s]+$/.test(text) ? text : bytes.toString('base64')
  } catch (error) {
    // No cause: it names the path, which may be a key that was copied badly.
    const code = error instanceof Error && 'code' in error ? error.code : 'unknown'
    throw invalidSetting(
      setting,
      `neither PEM, nor base64, nor the path of a file that can be read (${code})`,
    )
  }
}

function unwrapped(base64: string): string {
  const text = Buffer.from(base64, 'base64').toString('utf8')
  return isKeyText(text) ? text : base64
}
