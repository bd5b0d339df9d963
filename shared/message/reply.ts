import { nonce } from '../clock.js'
import type { OpenapiError } from '../errors/index.js'
import type { Context, HttpReply } from '../operation/index.js'
import { encryptPush, pushSignature } from './crypto.js'
import type { VerifiedPush } from './verify.js'

/** What WeChat gets when its call was accepted. */
export interface PushReply {
  body: string
  contentType: string
}

const PLAIN = 'text/plain; charset=utf-8'

/** WeChat's word for 'it arrived', which is not encrypted in any mode. */
export const SUCCESS: PushReply = { body: 'success', contentType: PLAIN }

/** `answer` as the reply to that push, encrypted if it was: the caller has written it in the push's format. */
export function answerTo(
  { account, isEncrypted, format }: Pick<VerifiedPush, 'account' | 'isEncrypted' | 'format'>,
  answer: string,
  { clock, random }: Pick<Context, 'clock' | 'random'>,
): PushReply {
  const contentType = format === 'json' ? 'application/json; charset=utf-8' : 'text/xml; charset=utf-8'
  if (!isEncrypted || !account.key) return { body: answer, contentType }
  const content = { text: Buffer.from(answer), appId: account.appId }
  const encrypted = encryptPush(account.key, content, random.bytes(16))
  const at = { seconds: Math.floor(clock.now() / 1000), nonce: nonce(random, 16) }
  const envelope = format === 'json' ? jsonEnvelope : xmlEnvelope
  return { body: envelope(encrypted, account.token, at), contentType }
}

interface TimestampAndNonce {
  seconds: number
  nonce: string
}

function jsonEnvelope(Encrypt: string, token: string, at: TimestampAndNonce): string {
  const MsgSignature = pushSignature(token, String(at.seconds), at.nonce, Encrypt)
  return JSON.stringify({ Encrypt, MsgSignature, TimeStamp: at.seconds, Nonce: at.nonce })
}

/** Base64, hex and digits need no escaping. */
function xmlEnvelope(encrypted: string, token: string, at: TimestampAndNonce): string {
  const signature = pushSignature(token, String(at.seconds), at.nonce, encrypted)
  return (
    `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature>` +
    `<TimeStamp>${at.seconds}</TimeStamp><Nonce><![CDATA[${at.nonce}]]></Nonce></xml>`
  )
}

/** The answer as HTTP. A failure of ours has another status than a refusal, so that WeChat comes again. */
export function replyToPush(result: PushReply | { error: OpenapiError }): HttpReply {
  const [status, { body, contentType }] =
    'error' in result ? [result.error.status, { body: 'refused', contentType: PLAIN }] : [200, result]
  // The echo of an address check is text from outside: browsers must not take it for a page.
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
