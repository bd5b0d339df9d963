import { nonce, type Random } from '../../../../../shared/clock.js'
import type { PlatformContext } from '../../contract.js'
import { isLoopback, type NoticeAnswer } from '../../deliveries/deliverer.js'
import type { Delivery } from '../../deliveries/notice.js'
import type { FaultTarget } from '../../faults.js'
import {
  decryptMessage,
  encryptMessage,
  fieldOf,
  type PushAccount,
  type PushFields,
  type PushFormat,
  pushAccountOf,
  pushSignature,
  pushText,
} from './format.js'

/** `compatible` sends the message twice in one body, encrypted and not. */
export type PushMode = 'safe' | 'compatible' | 'plain'

export interface PushOptions {
  /** `safe` by default. */
  mode?: PushMode
  /** `json` by default. */
  format?: PushFormat
  /** Another account than that of the application here. */
  account?: PushAccount
}

/** A push as it goes over the wire: what a test may spoil before it sends it. */
export interface ComposedPush {
  query: Record<string, string>
  headers: Record<string, string>
  body: string
}

/** WeChat waits five seconds for an answer and tries three times in all. */
const WAITS = [5000, 5000] as const

export const pushTarget: FaultTarget = {
  name: 'weixin.push',
  faults: ['timeout', 'lost', 'dropped', 'truncated', 'duplicate', 'late', 'reorder'],
}

export interface MessagePush {
  readonly account: PushAccount
  /** What a deployment needs to understand the pushes. */
  settings(): Record<string, string>
  /** The console's check: whether `url` echoes what it is asked to. From then on WeChat's own pushes go there. */
  checkAddress(url: string): Promise<{ accepted: boolean; status: number; body: string }>
  /** Pushes to `url` on WeChat's schedule. What every push has is added to `fields` where it is missing. */
  push(url: string, fields: PushFields, options?: PushOptions): Promise<Delivery>
  /** A push of WeChat's own accord: to the address that was accepted last, or nowhere. */
  pushToAcceptedAddress(fields: PushFields): Promise<Delivery | undefined>
}

/** The sender of message push for the local mini program. */
export function messagePush(context: PlatformContext): MessagePush {
  const { clock, random, app, deliveries } = context
  const own = pushAccountOf(app.appId)
  const seconds = () => Math.floor(clock.now() / 1000)
  let accepted: string | undefined
  const messages: MessagePush = {
    account: own,
    settings: () => ({ WEIXIN_MESSAGE_TOKEN: own.token, WEIXIN_MESSAGE_AES_KEY: own.encodingAesKey }),
    async checkAddress(url) {
      const echostr = BigInt(`0x${nonce(random, 16)}`).toString()
      const target = new URL(url)
      if (!isLoopback(target.hostname)) throw new Error(`${target.hostname} is not this machine`)
      const query = { ...signedBy(own, seconds(), random), echostr }
      for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value)
      const answer = await fetch(target, { redirect: 'manual' })
      const body = await answer.text()
      const echoes = answer.status === 200 && body === echostr
      if (echoes) accepted = url
      return { accepted: echoes, status: answer.status, body }
    },
    push(url, fields, options = {}) {
      const { account = own, mode = 'safe' } = options
      const whole = { ToUserName: 'gh_0123456789ab', CreateTime: seconds(), MsgType: 'event', ...fields }
      const composed = composePush(account, whole, { ...options, seconds: seconds(), random })
      const target = new URL(url)
      for (const [name, value] of Object.entries(composed.query)) target.searchParams.set(name, value)
      return deliveries.send({
        api: pushTarget.name,
        orderNo: String(fields.Event ?? fields.MsgType ?? 'message'),
        url: target.href,
        waits: WAITS,
        compose: () => ({ headers: composed.headers, body: Buffer.from(composed.body) }),
        understood: (answer) => isUnderstood(answer, account, mode),
      })
    },
    pushToAcceptedAddress: async (fields) =>
      accepted === undefined ? undefined : messages.push(accepted, fields),
  }
  return messages
}

interface Moment {
  seconds: number
  random: Random
}

function signedBy({ token }: PushAccount, seconds: number, random: Random) {
  const timestamp = String(seconds)
  const nonceText = String(random.bytes(4).readUInt32BE())
  return { signature: pushSignature(token, timestamp, nonceText), timestamp, nonce: nonceText }
}

/** What WeChat sends for these fields at that moment. */
export function composePush(
  account: PushAccount,
  fields: PushFields,
  { mode = 'safe', format = 'json', seconds, random }: PushOptions & Moment,
): ComposedPush {
  const query = signedBy(account, seconds, random)
  const headers = { 'content-type': format === 'json' ? 'application/json' : 'text/xml' }
  const text = pushText(fields, format)
  if (mode === 'plain') return { query, headers, body: text }
  const Encrypt = encryptMessage(account, text, random.bytes(16))
  const beside = mode === 'compatible' ? fields : { ToUserName: fields.ToUserName }
  return {
    query: {
      ...query,
      openid: String(fields.FromUserName ?? ''),
      encrypt_type: 'aes',
      msg_signature: pushSignature(account.token, query.timestamp, query.nonce, Encrypt),
    },
    headers,
    body: pushText({ ...beside, Encrypt }, format),
  }
}

/** 'success', nothing, or an answer that WeChat can pass on: in safe mode one that is encrypted and signed. */
function isUnderstood({ status, body }: NoticeAnswer, account: PushAccount, mode: PushMode): boolean {
  if (status !== 200) return false
  if (body === '' || body === 'success') return true
  try {
    return mode === 'plain' ? fieldOf(body, 'MsgType') !== undefined : openReply(account, body) !== ''
  } catch {
    return false
  }
}

/** The text inside an encrypted answer. Throws when the signature or the encryption is wrong. */
function openReply(account: PushAccount, body: string): string {
  const [Encrypt = '', signature, time = '', nonceText = ''] = [
    'Encrypt',
    'MsgSignature',
    'TimeStamp',
    'Nonce',
  ].map((name) => fieldOf(body, name))
  if (signature !== pushSignature(account.token, time, nonceText, Encrypt))
    throw new Error('MsgSignature is wrong')
  return decryptMessage(account, Encrypt)
}
