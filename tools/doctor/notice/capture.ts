import type { Settings } from '../../../shared/config/index.js'
import { fromBase64 } from '../../../shared/diagnosis/bodies.js'
import { openEvidence } from '../../../shared/events/evidence.js'
import type { HttpCall } from '../../../shared/operation/index.js'
import { addressee } from '../../../shared/payment/registry.js'

/** A provider's call as somebody kept it. */
export interface Capture {
  call: HttpCall
  /** Who it was for, if the path or the document tells. */
  provider?: string | undefined
  merchantId?: string | undefined
  /** When it came, in milliseconds since the epoch. */
  at?: number | undefined
}

/**
 * Reads a capture: HTTP as it was sent (a request line and headers, if there are any, an empty line, the body), a bare
 * body, or evidence that the store keeps, alone or in its document as JSON. Throws when evidence does not open.
 */
export function readCapture(bytes: Buffer, settings: Settings): Capture {
  const found = evidenceIn(bytes.toString('utf8').trim())
  if (!found) return saved(httpIn(bytes))
  const { evidence, ...about } = found
  return { ...httpIn(openEvidence(evidence, settings)), ...about }
}

/** A provider's call that the store keeps; undefined where it keeps the answer to a question of ours. Throws when it does not open. */
export function keptCall(evidence: string, settings: Settings): HttpCall | undefined {
  const bytes = openEvidence(evidence, settings)
  return EVIDENCE.test(bytes.toString('latin1')) ? httpIn(bytes).call : undefined
}

type KeptEvidence = Omit<Capture, 'call'> & { evidence: string }

function evidenceIn(text: string): KeptEvidence | undefined {
  if (text.startsWith('{')) return documentsIn(text)
  if (text.startsWith('sealed:')) return { evidence: text }
  const inside = fromBase64(text)?.toString('latin1')
  return inside !== undefined && EVIDENCE.test(inside) ? { evidence: text } : undefined
}

/** As `callEvidence` begins: an empty line, perhaps after headers. */
const EVIDENCE = /^(?:(?:content-type|wechatpay-[\w-]+): [^\r\n]*\r\n)*\r\n/

/** One document, or one a line as databases write them out: the last one that holds evidence. */
function documentsIn(text: string): KeptEvidence | undefined {
  for (const each of [text, ...text.split('\n').reverse()]) {
    const kept = documentIn(each)
    if (kept) return kept
  }
  return undefined
}

function documentIn(text: string): KeptEvidence | undefined {
  const { evidence, provider, merchantId, at, receivedAt = at } = fieldsIn(text)
  if (typeof evidence !== 'string') return undefined
  const textOnly = (value: unknown) => (typeof value === 'string' ? value : undefined)
  return {
    evidence,
    provider: textOnly(provider),
    merchantId: textOnly(merchantId),
    at: numberIn(receivedAt),
  }
}

function fieldsIn(json: string): Readonly<Record<string, unknown>> {
  try {
    return { ...(JSON.parse(json) as object) }
  } catch {
    return {}
  }
}

/** MongoDB's tools write numbers as `{ "$numberLong": "1" }`. */
function numberIn(value: unknown): number | undefined {
  const plain = typeof value === 'object' && value !== null ? (Object.values(value)[0] as unknown) : value
  const number = Number(plain ?? Number.NaN)
  // Beyond that there is no date.
  return Math.abs(number) <= 8.64e15 ? number : undefined
}

const HEAD =
  /^(?:([A-Z]+) (\S+) HTTP\/[\d.]+(?:\r?\n|$))?((?:[\w!#$%&'*+.^`|~-]+:[^\r\n]*(?:\r?\n|$))*)(?:\r?\n|$)/

function httpIn(bytes: Buffer): Capture {
  const [head = '', method = 'POST', target = '/', lines = ''] = HEAD.exec(bytes.toString('latin1')) ?? []
  const { pathname } = new URL(target, 'http://localhost')
  const headers = headersIn(lines)
  const rawBody = bytes.subarray(head.length)
  return { call: { method, path: pathname, query: {}, headers, rawBody }, ...addressee(pathname) }
}

/** Names in lower case; those that came twice joined by a comma, as a server hands them over. */
function headersIn(lines: string): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const line of lines.split(/\r?\n/).filter(Boolean)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    const value = line.slice(colon + 1).trim()
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`
  }
  return headers
}

/** Editors end files with a line end; without a length to go by, the last one is theirs. */
function saved(capture: Capture): Capture {
  const { rawBody: body, headers } = capture.call
  const [end = ''] = /\r?\n$/.exec(body.subarray(-2).toString('latin1')) ?? []
  const own = body.subarray(0, body.length - end.length)
  const { 'content-length': length = own.length } = headers
  return Number(length) === own.length ? { ...capture, call: { ...capture.call, rawBody: own } } : capture
}
