import type { HttpCall } from '../operation/index.js'
import type { PushAccount } from './account.js'
import { decryptPush, isSigned } from './crypto.js'
import { type RawPush, readPush, textOf } from './read.js'

/** Bytes. WeChat's longest texts have 2 KB, a list of check results some more, and encryption adds a third. */
const MAX_PUSH = 64 * 1024

/**
 * How far a signature's time may be from ours, both ways, in milliseconds. WeChat repeats a push that was not
 * confirmed within some 15 seconds, under the same time and nonce: a repeat is recognised by its content, since
 * refusing its nonce would lose the message.
 */
const WINDOW_MS = 300_000

/** A push that comes from WeChat, as far as its mode can prove it. */
export interface VerifiedPush extends RawPush {
  account: PushAccount
  /** Whether it came encrypted; then what answers it is encrypted too. */
  isEncrypted: boolean
}

/** The reason is for the log and the evidence; the sender does not get it. */
export type PushVerdict = VerifiedPush | { rejected: string }

/** The echo that WeChat expects when it checks whether this address is ours; undefined when the check is not WeChat's. */
export function addressEcho(
  { query }: HttpCall,
  accounts: readonly PushAccount[],
  now: number,
): string | undefined {
  const { signature, timestamp, nonce, echostr } = query
  const isKnown = (token: string) => isSigned(signature, token, timestamp ?? '', nonce ?? '')
  return isTimely(timestamp, now) && accounts.some(({ token }) => isKnown(token)) ? echostr : undefined
}

/**
 * Verifies a pushed message: which of the applications it is for, and whether it comes from WeChat. Without an AES key that
 * is the plain mode, whose signature covers time and nonce but not the body: whoever sees one such URL can send
 * any message for as long as its time is accepted. With a key, only what is encrypted with it counts.
 */
export async function verifyPush(
  { query, rawBody, isBodyParsed }: HttpCall,
  accounts: readonly PushAccount[],
  now: number,
): Promise<PushVerdict> {
  if (isBodyParsed) return { rejected: 'parsed before it came: hand over the bytes as they arrived' }
  if (rawBody.length > MAX_PUSH) return { rejected: 'too large' }
  if (!isTimely(query.timestamp, now)) return { rejected: 'stale, or without a time' }
  const outer = await readPush(rawBody)
  if (!outer) return { rejected: 'not readable' }
  let last: PushVerdict = { rejected: 'no application here' }
  for (const account of accounts) {
    const { key } = account
    last = key ? await verifyEncrypted(query, outer, { ...account, key }) : verifyPlain(query, outer, account)
    if (!('rejected' in last)) return last
  }
  return last
}

type Query = HttpCall['query']

function isTimely(timestamp: string | undefined, now: number): boolean {
  return /^\d{1,12}$/.test(timestamp ?? '') && Math.abs(now - Number(timestamp) * 1000) <= WINDOW_MS
}

function verifyPlain(
  { signature, timestamp = '', nonce = '' }: Query,
  outer: RawPush,
  account: PushAccount,
): PushVerdict {
  if (!isSigned(signature, account.token, timestamp, nonce)) return { rejected: 'signature' }
  return addressed({ ...outer, account, isEncrypted: false })
}

/** In compatible mode the message stands beside its encrypted form, unsigned: it is not looked at. */
async function verifyEncrypted(
  { msg_signature, timestamp = '', nonce = '' }: Query,
  outer: RawPush,
  account: PushAccount & { key: Buffer },
): Promise<PushVerdict> {
  const encrypted = textOf(outer.fields, 'Encrypt')
  if (encrypted === undefined) return { rejected: 'not encrypted' }
  if (!isSigned(msg_signature, account.token, timestamp, nonce, encrypted)) return { rejected: 'signature' }
  const content = decryptPush(account.key, encrypted)
  if (content?.appId !== account.appId) return { rejected: 'not decryptable, or for another application' }
  const inner = await readPush(content.text)
  return inner ? addressed({ ...inner, account, isEncrypted: true }) : { rejected: 'not readable inside' }
}

/** Some messages name their application inside, too. */
function addressed(push: VerifiedPush): PushVerdict {
  const { fields, account } = push
  if (textOf(fields, 'MsgType') === undefined) return { rejected: 'not a message' }
  const named = textOf(fields, 'appid') ?? account.appId
  return named === account.appId ? push : { rejected: 'about another application' }
}
