import type { HttpCall } from '../operation/index.js'
import type { PushAccount } from './account.js'
import { type Reading, readPush, textOf } from './read.js'
import { openPush } from './sealed.js'
import { isSigned } from './signature.js'

/** Bytes. WeChat's longest texts have 2 KB, a list of check results some more, and sealing adds a third. */
const MAX_PUSH = 64 * 1024

/**
 * How far a signature's time may be from ours, both ways, in milliseconds. WeChat repeats a push that was not
 * understood within some 15 seconds, under the same time and nonce: a repeat is recognised by what it says, since
 * refusing its nonce would lose the message.
 */
const WINDOW_MS = 300_000

/** A push that is WeChat's own word, as far as its mode can tell. */
export interface AuthenticPush extends Reading {
  account: PushAccount
  /** Whether it came sealed; then what answers it is sealed too. */
  isSealed: boolean
}

/** Why not is for the log and the evidence; whoever sent it is told nothing. */
export type Judgement = AuthenticPush | { refused: string }

/** Whether WeChat asks if this address is ours to use; answers what it wants to hear, else undefined. */
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
 * Judges a pushed message: which of the applications it is for, and whether WeChat said it. Without an AES key that
 * is the plain mode, whose signature covers time and nonce but not the body: whoever sees one such URL can say
 * anything for as long as its time counts. With a key, only what is sealed with it counts.
 */
export async function judgePush(
  { query, rawBody }: HttpCall,
  accounts: readonly PushAccount[],
  now: number,
): Promise<Judgement> {
  if (rawBody.length > MAX_PUSH) return { refused: 'too large' }
  if (!isTimely(query.timestamp, now)) return { refused: 'stale, or without a time' }
  const outer = await readPush(rawBody)
  if (!outer) return { refused: 'not readable' }
  let last: Judgement = { refused: 'nobody here has this application' }
  for (const account of accounts) {
    const { key } = account
    last = key ? await judgeSealed(query, outer, { ...account, key }) : judgePlain(query, outer, account)
    if (!('refused' in last)) return last
  }
  return last
}

type Query = HttpCall['query']

function isTimely(timestamp: string | undefined, now: number): boolean {
  return /^\d{1,12}$/.test(timestamp ?? '') && Math.abs(now - Number(timestamp) * 1000) <= WINDOW_MS
}

function judgePlain(
  { signature, timestamp = '', nonce = '' }: Query,
  outer: Reading,
  account: PushAccount,
): Judgement {
  if (!isSigned(signature, account.token, timestamp, nonce)) return { refused: 'signature' }
  return addressed({ ...outer, account, isSealed: false })
}

/** In compatible mode the message stands beside its sealed form, covered by nothing: it is not looked at. */
async function judgeSealed(
  { msg_signature, timestamp = '', nonce = '' }: Query,
  outer: Reading,
  account: PushAccount & { key: Buffer },
): Promise<Judgement> {
  const sealed = textOf(outer.fields, 'Encrypt')
  if (sealed === undefined) return { refused: 'not sealed' }
  if (!isSigned(msg_signature, account.token, timestamp, nonce, sealed)) return { refused: 'signature' }
  const opened = openPush(account.key, sealed)
  if (opened?.appId !== account.appId) return { refused: 'not opened, or for another application' }
  const inner = await readPush(opened.text)
  return inner ? addressed({ ...inner, account, isSealed: true }) : { refused: 'not readable inside' }
}

/** Some messages name their application inside, too. */
function addressed(push: AuthenticPush): Judgement {
  const { fields, account } = push
  if (textOf(fields, 'MsgType') === undefined) return { refused: 'not a message' }
  const named = textOf(fields, 'appid') ?? account.appId
  return named === account.appId ? push : { refused: 'about another application' }
}
