import { nonce } from '../clock.js'
import type { OpenapiError } from '../errors/index.js'
import type { Context, HttpReply } from '../operation/index.js'
import type { AuthenticPush } from './authentic.js'
import { sealPush } from './sealed.js'
import { pushSignature } from './signature.js'

/** What WeChat hears when its call was accepted. */
export interface PushAnswer {
  body: string
  contentType: string
}

const PLAIN = 'text/plain; charset=utf-8'

/** 'It arrived', in WeChat's own word, which stays unsealed in every mode. */
export const SUCCESS: PushAnswer = { body: 'success', contentType: PLAIN }

/** `words` as the answer to that push: in its format, and sealed as it was. */
export function answerTo(
  { account, isSealed, format }: Pick<AuthenticPush, 'account' | 'isSealed' | 'format'>,
  words: string,
  { clock, random }: Pick<Context, 'clock' | 'random'>,
): PushAnswer {
  const contentType = format === 'json' ? 'application/json; charset=utf-8' : 'text/xml; charset=utf-8'
  if (!isSealed || !account.key) return { body: words, contentType }
  const opened = { text: Buffer.from(words), appId: account.appId }
  const sealed = sealPush(account.key, opened, random.bytes(16))
  const at = { seconds: Math.floor(clock.now() / 1000), nonce: nonce(random, 16) }
  const envelope = format === 'json' ? jsonEnvelope : xmlEnvelope
  return { body: envelope(sealed, account.token, at), contentType }
}

interface Moment {
  seconds: number
  nonce: string
}

function jsonEnvelope(Encrypt: string, token: string, at: Moment): string {
  const MsgSignature = pushSignature(token, String(at.seconds), at.nonce, Encrypt)
  return JSON.stringify({ Encrypt, MsgSignature, TimeStamp: at.seconds, Nonce: at.nonce })
}

/** Base64, hex and digits need no escaping. */
function xmlEnvelope(sealed: string, token: string, at: Moment): string {
  const signature = pushSignature(token, String(at.seconds), at.nonce, sealed)
  return (
    `<xml><Encrypt><![CDATA[${sealed}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature>` +
    `<TimeStamp>${at.seconds}</TimeStamp><Nonce><![CDATA[${at.nonce}]]></Nonce></xml>`
  )
}

/** The answer as HTTP. What failed here is told apart from what was refused, so that WeChat comes again. */
export function replyToPush(result: PushAnswer | { error: OpenapiError }): HttpReply {
  const [status, { body, contentType }] =
    'error' in result ? [result.error.status, { body: 'refused', contentType: PLAIN }] : [200, result]
  // The echo of an address check is a stranger's text, and never a page.
  return {
    status,
    headers: {
      'content-type': contentType,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
    body,
  }
}
