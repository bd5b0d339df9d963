import { type SettingInfo, settingInfo } from '../../shared/config/index.js'

/** Names inside JSON settings whose values are no secrets, and are what findings speak of. */
const OPEN = new Set(['appId', 'mchId', 'kind', 'signType', 'serialNo', 'id', 'sellerId'])

/** Shorter texts are no secrets, and would blacken half of every sentence. */
const LEAST = 6

/**
 * Every text that must not be shown: settings that are secret, texts inside those that are JSON, and the password in
 * an address.
 */
export function secretTexts(values: Readonly<Partial<Record<string, string>>>): string[] {
  const found = Object.entries(settingInfo as Record<string, SettingInfo>).flatMap(([name, { secret }]) => {
    const value = values[name]?.trim()
    return secret && value ? [value, ...within(value)] : []
  })
  return [...new Set(found)].filter(({ length }) => length >= LEAST).sort((a, b) => b.length - a.length)
}

function within(value: string): string[] {
  const password = /^\w+(?:\+srv)?:\/\/[^:/@]*:([^@/]*)@/.exec(value)?.[1]
  if (password !== undefined) return [password, decoded(password)]
  try {
    return textsIn(JSON.parse(value), '')
  } catch {
    return []
  }
}

function textsIn(value: unknown, key: string): string[] {
  if (typeof value === 'string') return OPEN.has(key) ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, Array.isArray(value) ? key : name))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
