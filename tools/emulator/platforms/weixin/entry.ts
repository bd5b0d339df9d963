import type { HttpAnswer } from '../contract.js'
import type { PayContext } from '../weixin-pay/index.js'
import type { PhoneCodes } from './phoneCodes.js'
import type { MessagePush } from './push/push.js'
import type { ErrCode, Rules } from './rules.js'
import type { ShippingOrders } from './shippingOrders.js'
import type { Tokens } from './tokens.js'

export interface WeixinContext extends PayContext {
  readonly tokens: Tokens
  readonly messages: MessagePush
  /** `demo-` codes that were used up. */
  readonly usedCodes: Set<string>
  /** Everything that was made, the oldest first. */
  readonly codes: MadeCode[]
  readonly links: MadeLink[]
  readonly phoneCodes: PhoneCodes
  readonly shipping: ShippingOrders
}

/** A call that passed everything that can be said as data. */
export interface Call {
  readonly query: Readonly<Record<string, string>>
  /** The JSON body; empty for GET and for forms. */
  readonly body: Readonly<Record<string, unknown>>
  /** Whether the body is a form with files, which is not looked into. */
  readonly isForm: boolean
}

export interface Quota {
  per: 'minute' | 'day' | 'life'
  limit: number
  otherwise: ErrCode
  /** What is counted together; by default all calls of the entry. */
  key?(call: Call): string
}

/**
 * One WeChat API. What it asks of a call is data; `answer` holds what it does. It gives back the JSON that goes with
 * errcode 0, or a whole answer (pictures).
 */
export interface Entry {
  name: string
  method: 'GET' | 'POST'
  path: string
  /** Whether the call needs an access token. */
  token: boolean
  query?: Rules
  body?: Rules
  /** The code for a body that is no JSON object; 47001 by default. */
  notJson?: ErrCode
  quotas?: readonly Quota[]
  /** The type of JSON answers, where it is not JSON's own. */
  contentType?: string
  answer(call: Call, context: WeixinContext): object | HttpAnswer | Promise<object | HttpAnswer>
}

export const isAnswer = (answer: object | HttpAnswer): answer is HttpAnswer =>
  'status' in answer && 'body' in answer

/** A code that was made: what a phone that reads it opens. */
export interface MadeCode {
  kind: 'limited' | 'unlimited' | 'square'
  page: string
  scene?: string
  envVersion: string
}

/** A link that was made: what it opens, and until when. */
export interface MadeLink {
  link: string
  path: string
  query: string
  /** Milliseconds since the epoch. */
  until: number
}

/**
 * What an API that is only declared does beyond giving the answer of its example. `documented`: whether this very
 * request stands in an example, which works here as it stands there. Undefined leaves the answer to the example.
 */
export type Effect = (
  call: Call,
  context: WeixinContext,
  documented: boolean,
) => object | HttpAnswer | undefined
