import { nonce } from '../../shared/clock.js'
import type { HttpAnswer } from '../../shared/http/http.js'
import {
  ECHO_PATH,
  type EchoSecret,
  echoOf,
  type Probe,
  probeHeaders,
} from '../../shared/payment/notices/doctorEcho.js'
import { PATIENCE_MS, type World } from './world.js'

/**
 * Bodies in the languages of the three providers, with everything in them that something on the way likes to tidy up:
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
  { http, clock, random }: World,
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
    const said: unknown = JSON.parse(body.toString('utf8'))
    const { doctorEcho: text, bytes } = { ...(said as object) } as { doctorEcho?: unknown; bytes?: unknown }
    return typeof text === 'string' && typeof bytes === 'number' ? { text, bytes } : undefined
  } catch {
    return undefined
  }
}

/** Whether what arrived is `body`. */
export const arrivedAs = ({ echo, probe, secret }: Probed, body: Buffer): boolean =>
  echo?.text === echoOf(body, probe, secret)
