import { exactJson } from '../weixin/wire.js'
import { readFlatXml, XmlError } from '../xml/flatXml.js'
import { readNestedXml } from './nestedXml.js'

export type Fields = Readonly<Record<string, unknown>>

type Format = 'json' | 'xml'

/** A text as it was pushed, in WeChat's own words, and how it was written. */
export interface Reading {
  format: Format
  fields: Fields
}

/** Levels of lists and objects in each other. WeChat's deepest push has four. */
const MAX_DEPTH = 12

/** Reads what may come from anybody. Undefined when it is no JSON object and no XML of ours. */
export async function readPush(bytes: Buffer): Promise<Reading | undefined> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
    const format = text.startsWith('<') ? 'xml' : 'json'
    const fields = format === 'xml' ? await readXml(text) : await exactJson(text)
    return isFields(fields) && isShallow(fields, MAX_DEPTH) ? { format, fields } : undefined
  } catch {
    return undefined
  }
}

/** Most pushes are flat, and their reader costs no package; it refuses nesting, and the other one what is worse. */
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
