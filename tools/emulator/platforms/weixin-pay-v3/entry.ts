import type { BillFiles } from '../billFiles.js'
import type { HttpAnswer, Received } from '../contract.js'
import type { Fault } from '../faults.js'
import type { PayContext } from '../weixin-pay/index.js'
import type { Nonces, PlatformKeys } from './keys.js'
import type { Rules } from './rules.js'

export interface V3Context extends PayContext {
  readonly keys: PlatformKeys
  readonly nonces: Nonces
  readonly billFiles: BillFiles
}

/** A call that passed everything that can be answer as data. */
export interface Call {
  readonly request: Received
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  /** The JSON body; empty for GET. */
  readonly body: Readonly<Record<string, unknown>>
}

/** One V3 endpoint: what it asks of a call is data. */
export interface Entry {
  name: string
  method: 'GET' | 'POST'
  path: string
  query?: Rules
  body?: Rules
  /** What can go wrong here and not elsewhere. */
  faults?: readonly Fault[]
  /** Whether `Wechatpay-Serial` may name the merchant's own certificate: who asks for others knows none yet. */
  ownSerial?: true
  /** Whether the answer carries no signature: that of a bill's file. */
  unsigned?: true
  /** The JSON that goes with status 200; nothing for 204; a whole answer for a file. `fault` is one of its own. */
  answer(call: Call, context: V3Context, fault: Fault | undefined): object | HttpAnswer | undefined
}

export const isAnswer = (answer: object | HttpAnswer): answer is HttpAnswer =>
  'status' in answer && 'headers' in answer
