import { type SignatureProblem, verifySignature } from './keys/verifySignature.js'
import type { AlipayClient } from './request.js'
import { canonical } from './signature.js'

/** Why a call is not Alipay's. For logs and evidence, never for the sender. */
type MessageRefusal =
  | 'empty'
  | 'too large'
  | 'malformed'
  | 'signature missing'
  | 'signature type not ours'
  | SignatureProblem
  | 'other app'

export type MessageReading =
  | { authentic: true; fields: ReadonlyMap<string, string> }
  | { authentic: false; reason: MessageRefusal }

/** Alipay's notices have two or three thousand bytes. */
const MAX_MESSAGE = 64 * 1024

const notAuthentic = (reason: MessageRefusal): MessageReading => ({ authentic: false, reason })

/**
 * Reads a form that Alipay posts to an application's address, and decides whether it is Alipay's and meant for this
 * application. The signature is held against the bytes as they came, before any charset is applied. Trade notices are
 * signed without `sign_type`, a few other kinds with it: both are tried. The algorithm is the application's, and a
 * message that names another is refused. https://opendocs.alipay.com/common/02mse7
 */
export async function readMessage(
  client: AlipayClient,
  body: Buffer,
  contentType: string | undefined,
): Promise<MessageReading> {
  const { app } = client
  if (body.length === 0) return notAuthentic('empty')
  if (body.length > MAX_MESSAGE) return notAuthentic('too large')
  const raw = formFields(body)
  if (!raw) return notAuthentic('malformed')
  const sign = raw.get('sign')
  if (!sign) return notAuthentic('signature missing')
  if ((raw.get('sign_type') || app.signType) !== app.signType) return notAuthentic('signature type not ours')
  const signed = { sign, certSn: raw.get('alipay_cert_sn'), from: 'call', texts: signedTexts(raw) } as const
  const problem = await verifySignature(client, signed)
  if (problem) return notAuthentic(problem)
  const fields = decodedFields(raw, raw.get('charset') ?? charsetOf(contentType) ?? 'utf-8')
  if (!fields) return notAuthentic('malformed')
  return fields.get('app_id') === app.appId ? { authentic: true, fields } : notAuthentic('other app')
}

/** One after the other: the second is only made when the first was not it. */
function* signedTexts(raw: ReadonlyMap<string, string>): Generator<Buffer> {
  yield Buffer.from(canonical(raw, ['sign_type']), 'latin1')
  yield Buffer.from(canonical(raw), 'latin1')
}

/**
 * The fields of a form body, percent signs and plus signs undone exactly once. Each character of a value stands for
 * one byte, since the charset is among the fields and the signature covers the bytes. Undefined when the body is no
 * such form: a broken percent sign, a name that is no plain word, a name that stands there twice. One pass.
 */
export function formFields(body: Buffer): ReadonlyMap<string, string> | undefined {
  const pairs = unescapedPairs(body)
  if (!pairs) return undefined
  const fields = new Map<string, string>()
  for (const { start, nameEnd, end } of pairs.places) {
    const name = pairs.text.slice(start, nameEnd)
    if (!NAME.test(name) || fields.has(name)) return undefined
    fields.set(name, pairs.text.slice(nameEnd, end))
  }
  return fields
}

const NAME = /^[\w.-]+$/

const AMPERSAND = 0x26
const EQUALS = 0x3d
const PERCENT = 0x25
const PLUS = 0x2b
const SPACE = 0x20

/** Where a name and the value right behind it lie in the unescaped text. */
interface Place {
  start: number
  nameEnd: number
  end: number
}

/** All names and values without what stood between them; nothing where a percent sign is broken. Empty pairs are none. */
function unescapedPairs(body: Buffer): { text: string; places: Place[] } | undefined {
  const plain = Buffer.allocUnsafe(body.length)
  const places: Place[] = []
  let length = 0
  let start = 0
  let nameEnd: number | undefined
  for (let at = 0; at <= body.length; at++) {
    const byte = body[at] ?? AMPERSAND
    if (byte === AMPERSAND) {
      if (nameEnd !== undefined || length > start)
        places.push({ start, nameEnd: nameEnd ?? length, end: length })
      start = length
      nameEnd = undefined
    } else if (byte === EQUALS && nameEnd === undefined) {
      nameEnd = length
    } else if (byte === PERCENT) {
      const escaped = hex(body[at + 1]) * 16 + hex(body[at + 2])
      if (Number.isNaN(escaped)) return undefined
      plain[length++] = escaped
      at += 2
    } else {
      plain[length++] = byte === PLUS ? SPACE : byte
    }
  }
  return { text: plain.toString('latin1', 0, length), places }
}

/** The value of a hexadecimal digit; NaN for any other byte. */
function hex(digit = 0): number {
  if (digit >= 0x30 && digit <= 0x39) return digit - 0x30
  const letter = digit | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : Number.NaN
}

/** The same in all of them, and most of what there is. */
const ASCII = /^[\0-\x7f]*$/

const decoderOf = (label: string) => new TextDecoder(label, { fatal: true, ignoreBOM: true })

/**
 * The decoder for what Alipay calls GBK: its senders write GB18030. Node's own `gbk` breaks characters of four bytes,
 * and reads the euro sign (A2 E3) and others as private characters.
 */
export const GBK = 'gb18030'

/** Alipay's names of charsets, in small letters, and the decoder of each. */
const CHARSETS: ReadonlyMap<string, string> = new Map([
  ...['utf-8', 'utf8'].map((name) => [name, 'utf-8'] as const),
  ...['gbk', 'gb2312', 'gb18030'].map((name) => [name, GBK] as const),
])

/** The texts that `fields` mean in this charset; undefined when it is none of Alipay's or the bytes are not in it. */
export function decodedFields(
  fields: ReadonlyMap<string, string>,
  charset: string,
): ReadonlyMap<string, string> | undefined {
  const label = CHARSETS.get(charset.toLowerCase())
  if (label === undefined) return undefined
  let decoder: ReturnType<typeof decoderOf> | undefined
  const decoded = (value: string) => {
    if (ASCII.test(value)) return value
    decoder ??= decoderOf(label)
    return decoder.decode(Buffer.from(value, 'latin1'))
  }
  try {
    return new Map([...fields].map(([name, value]) => [name, decoded(value)]))
  } catch {
    return undefined
  }
}

/** The charset a `content-type` header names. */
export const charsetOf = (contentType = ''): string | undefined =>
  /charset\s*=\s*"?([\w-]+)/i.exec(contentType)?.[1]
