import { type HttpAnswer, pageText } from '../http/http.js'
import { readJson } from '../json.js'
import { notAnAnswer } from './failure.js'

/** An answer taken apart, nothing about it proved yet. */
export interface RawAnswer {
  /** Alipay refused before the method was reached, often without being able to sign. */
  isGatewayError: boolean
  /** The bytes the signature covers. */
  value: Buffer
  sign?: string
  /** Which of Alipay's certificates signed; certificate mode only. */
  certSn?: string
  /** The whole body, as evidence. */
  body: Buffer
  /** For Alipay's support. */
  traceId?: string
}

/** Takes an answer apart: what is signed is found in the bytes, not parsed and written again. */
export function splitAnswer(method: string, answer: HttpAnswer): RawAnswer {
  const { status, headers, body } = answer
  const traceId = headers.trace_id
  if (status !== 200) throw notAnAnswer(`HTTP ${status}`, traceId, pageText(answer))
  const members = topLevelMembers(body)
  const result = members?.get(`${method.replaceAll('.', '_')}_response`)
  const refusal = members?.get('error_response')
  const found = result ?? refusal
  if (!members || !found || (result && refusal)) throw notAnAnswer('something that is no answer', traceId)
  const text = (name: string) => {
    const member = members.get(name)
    return member && textOf(slice(body, member))
  }
  return {
    isGatewayError: found === refusal,
    value: slice(body, found),
    sign: text('sign'),
    certSn: text('alipay_cert_sn'),
    body,
    traceId,
  }
}

const slice = (body: Buffer, { start, end }: Member): Buffer => body.subarray(start, end)

/** Where the value of a top-level member lies: `json.subarray(start, end)` is exactly what was written. */
export interface Member {
  name: string
  start: number
  end: number
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

// Compared rather than looked up in sets: these are asked for every byte.
const isOpening = (byte?: number): boolean => byte === OPEN_BRACE || byte === 0x5b
const isClosing = (byte?: number): boolean => byte === CLOSE_BRACE || byte === 0x5d
const isSpace = (byte?: number): boolean => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09

/** Alipay's answers have four at most. A table of many thousands takes longer for each than one of few. */
const MAX_MEMBERS = 100

/**
 * Finds the members of a JSON object without parsing their values, in one pass over the bytes: Alipay signs the text
 * of a value as it stands, and parsing and writing it again would change it. Undefined when the bytes are no object,
 * have a name twice or more than {@link MAX_MEMBERS}. What lies inside the values is not checked, except that quotes and brackets close.
 */
export function topLevelMembers(json: Buffer): ReadonlyMap<string, Member> | undefined {
  let at = afterSpace(json, 0)
  if (json[at] !== OPEN_BRACE) return undefined
  const members = new Map<string, Member>()
  at = afterSpace(json, at + 1)
  if (json[at] === CLOSE_BRACE) return endsAfter(json, at) ? members : undefined
  for (;;) {
    const member = memberAt(json, at)
    if (!member || members.has(member.name) || members.size === MAX_MEMBERS) return undefined
    members.set(member.name, member)
    at = afterSpace(json, member.end)
    if (json[at] === CLOSE_BRACE) return endsAfter(json, at) ? members : undefined
    if (json[at] !== COMMA) return undefined
    at = afterSpace(json, at + 1)
  }
}

const endsAfter = (json: Buffer, brace: number): boolean => afterSpace(json, brace + 1) === json.length

function memberAt(json: Buffer, at: number): Member | undefined {
  const nameEnd = afterString(json, at)
  const colon = afterSpace(json, nameEnd)
  if (nameEnd > json.length || json[colon] !== COLON) return undefined
  const start = afterSpace(json, colon + 1)
  const end = afterValue(json, start)
  const name = textOf(json.subarray(at, nameEnd))
  return name === undefined || end === start || end > json.length ? undefined : { name, start, end }
}

/** What a JSON string says; undefined for anything else, which is not read: it may be a whole answer. */
export function textOf(json: Buffer): string | undefined {
  if (json[0] !== QUOTE) return undefined
  try {
    const value: unknown = readJson(json.toString('utf8'))
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

function afterSpace(json: Buffer, from: number): number {
  let at = from
  while (isSpace(json[at])) at++
  return at
}

/** Behind the closing quote; behind the end of `json` when there is none, or when no string begins here. */
function afterString(json: Buffer, from: number): number {
  if (json[from] !== QUOTE) return json.length + 1
  let at = from + 1
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1
  return at + 1
}

function afterValue(json: Buffer, from: number): number {
  if (json[from] === QUOTE) return afterString(json, from)
  return isOpening(json[from]) ? afterBrackets(json, from) : afterWord(json, from)
}

function afterBrackets(json: Buffer, from: number): number {
  let depth = 0
  let at = from
  do {
    const byte = json[at]
    if (byte === undefined) return json.length + 1
    if (isOpening(byte)) depth++
    if (isClosing(byte)) depth--
    at = byte === QUOTE ? afterString(json, at) : at + 1
  } while (depth > 0)
  return at
}

/** Numbers, `true`, `false`, `null`. */
function afterWord(json: Buffer, from: number): number {
  let at = from
  while (at < json.length && /[-+.0-9A-Za-z]/.test(String.fromCharCode(json[at] ?? 0))) at++
  return at
}
