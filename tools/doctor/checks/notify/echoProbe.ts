import { nonce } from '../../../../shared/clock.js'
import type { HttpAnswer } from '../../../../shared/http/http.js'
import {
  ECHO_PATH,
  type EchoSecret,
  echoOf,
  type Probe,
  probeHeaders,
} from '../../../../shared/payment/notices/doctorEcho.js'
import { type Doctor, PATIENCE_MS } from '../../doctor.js'

/**
 * Bodies in the formats of the three providers, with everything in them that proxies and frameworks tend to change:
 * both kinds of line ends, spaces at the edges, `+` beside `%20`, small hex digits, escapes of GBK, numbers beyond 2^53,
 * keys out of order.
 */
export const bodies: Readonly<Record<string, Buffer>> = {
  'text/xml': Buffer.from(
    ' <xml>\r\n<b><![CDATA[茶 &lt;+%2b]]></b>\n<a>1 &amp; 2</a><empty></empty></xml> \r\n',
  ),
  'application/json': Buffer.from(
    '{ "z" : 12345678901234567890,\r\n"a":"\\u8336 \\/ 茶 + %2B \'<&>\'", "b" : 1.0 } \n',
  ),
  'application/x-www-form-urlencoded': Buffer.from(
    'z=%e8%8c%b6+tea%20&a=1&a=2&empty=&amp=%26amp%3b&gbk=%B2%E8&quote=%22%2B%22 ',
  ),
}

/** What came of one probe. */
export interface Probed {
  kind: string
  sent: Buffer
  answer: HttpAnswer
  /** What the function says it received, if it answered as one does that knows the secret. */
  echo?: { text: string; bytes: number }
  probe: Probe
  secret: string
  ms: number
}

/** Sends one of the {@link bodies} to the echo below `url`, signed with the secret of that setting. */
export async function probeOnce(
  { http, clock, random }: Doctor,
  url: string,
  kind: string,
  { setting, secret }: { setting: EchoSecret; secret: string },
): Promise<Probed> {
  const startedAt = clock.now()
  const probe = { setting, seconds: String(Math.floor(startedAt / 1000)), nonce: nonce(random) }
  const sent = bodies[kind] ?? Buffer.alloc(0)
  const answer = await http.request({
    method: 'POST',
    url: `${url}${ECHO_PATH}`,
    headers: { ...probeHeaders(probe, secret), 'content-type': kind },
    body: sent,
    timeoutMs: PATIENCE_MS,
    maxBytes: 1024 * 1024,
  })
  const echo = echoIn(answer)
  return { kind, sent, answer, probe, secret, ms: clock.now() - startedAt, ...(echo ? { echo } : {}) }
}

function echoIn({ status, body }: HttpAnswer): Probed['echo'] {
  if (status !== 200) return undefined
  try {
    const fields: unknown = JSON.parse(body.toString('utf8'))
    const { doctorEcho: text, bytes } = { ...(fields as object) } as { doctorEcho?: unknown; bytes?: unknown }
    return typeof text === 'string' && typeof bytes === 'number' ? { text, bytes } : undefined
  } catch {
    return undefined
  }
}

/** Whether what arrived is `body`. */
export const arrivedAs = ({ echo, probe, secret }: Probed, body: Buffer): boolean =>
  echo?.text === echoOf(body, probe, secret)

/**
 * What happens to bodies on their way, by the remark that tells of it; the plainest first. The reverse of what
 * `shared/diagnosis` tries: there the body that arrived is known, here the one that was sent, and a hash of the other.
 */
export const changes: readonly (readonly [code: ChangeCode, change: (body: Buffer) => Buffer])[] = [
  ['emptied', () => Buffer.alloc(0)],
  ['trimmed', (body) => asLatin1(body, (text) => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ''))],
  ['trimmed', (body) => asLatin1(body, (text) => text.replace(/[ \t\r\n]+$/, ''))],
  ['trimmed', (body) => asLatin1(body, (text) => text.replace(/\r?\n$/, ''))],
  ['line-ends', (body) => asLatin1(body, (text) => text.replaceAll('\r\n', '\n'))],
  ['line-ends', (body) => asLatin1(body, (text) => text.replace(/\r?\n/g, '\r\n'))],
  ['line-ends', (body) => asLatin1(body, (text) => text.replaceAll('\r\n', '\n').trim())],
  ['json-rewritten', (body) => asUtf8(body, (text) => JSON.stringify(JSON.parse(text)))],
  ['json-rewritten', (body) => asUtf8(body, (text) => JSON.stringify(JSON.parse(text), null, 2))],
  ['form-rewritten', (body) => asUtf8(body, (text) => new URLSearchParams(text).toString())],
  ['form-rewritten', (body) => asUtf8(body, (text) => percentEncoded(new URLSearchParams(text)))],
  ['decoded', (body) => asLatin1(body, percentDecoded)],
  ['decoded', (body) => asLatin1(body, (text) => percentDecoded(text.replaceAll('+', ' ')))],
  ['html-escaped', (body) => asUtf8(body, (text) => escaped(text, ['&', '<', '>']))],
  ['html-escaped', (body) => asUtf8(body, (text) => escaped(text, ['&', '<', '>', '"', "'"]))],
  ['charset', (body) => Buffer.from(body.toString('latin1'))],
  ['charset', (body) => Buffer.from(body.toString('ascii'))],
  ['base64', (body) => Buffer.from(body.toString('base64'))],
]

export type ChangeCode =
  | 'emptied'
  | 'trimmed'
  | 'line-ends'
  | 'json-rewritten'
  | 'form-rewritten'
  | 'decoded'
  | 'html-escaped'
  | 'charset'
  | 'base64'

/** The first change that explains what arrived; nothing where none does. */
export function changeOnTheWay(
  sent: Buffer,
  hasArrived: (changed: Buffer) => boolean,
): ChangeCode | undefined {
  return changes.find(([, change]) => {
    try {
      return hasArrived(change(sent))
    } catch {
      // Not every change can be made to every body: XML is no JSON.
      return false
    }
  })?.[0]
}

/** Changes single characters and leaves all bytes beside them as they are. */
const asLatin1 = (body: Buffer, change: (text: string) => string): Buffer =>
  Buffer.from(change(body.toString('latin1')), 'latin1')

const asUtf8 = (body: Buffer, change: (text: string) => string): Buffer =>
  Buffer.from(change(body.toString('utf8')))

const percentDecoded = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

const percentEncoded = (fields: URLSearchParams): string =>
  [...fields].map((pair) => pair.map(encodeURIComponent).join('=')).join('&')

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const escaped = (text: string, characters: readonly string[]): string =>
  [...text].map((letter) => (characters.includes(letter) ? entities[letter] : letter)).join('')
