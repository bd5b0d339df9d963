import type { HttpAnswer, PlatformContext } from '../contract.js'
import type { MessagePush } from './push/push.js'
import type { ErrCode, Rules } from './rules.js'
import type { Tokens } from './tokens.js'

export interface WeixinContext extends PlatformContext {
  readonly tokens: Tokens
  readonly messages: MessagePush
  /** `demo-` codes that were used up. */
  readonly usedCodes: Set<string>
}

/** A call that passed everything that can be said as data. */
export interface Call {
  readonly query: Readonly<Record<string, string>>
  /** The JSON body; empty for GET. */
  readonly body: Readonly<Record<string, unknown>>
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
  answer(call: Call, context: WeixinContext): object | HttpAnswer
}

export const isAnswer = (answer: object | HttpAnswer): answer is HttpAnswer =>
  'status' in answer && 'body' in answer
