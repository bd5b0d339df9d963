import type { BillFiles } from '../billFiles.js'
import type { PlatformContext, Received } from '../contract.js'
import type { Fault } from '../faults.js'
import type { AlipayAccount, AlipayAgreement } from './account.js'
import type { Fields } from './form.js'
import type { AlipayKeys } from './keys/keys.js'
import type { AlipayRefusal, Content, Rules } from './rules.js'
import type { Refunds, Trades } from './trades/trades.js'
import type { AlipayUsers, Logins } from './users.js'

export interface AlipayContext extends PlatformContext {
  readonly account: AlipayAccount
  readonly agreement: AlipayAgreement
  readonly keys: AlipayKeys
  readonly users: AlipayUsers
  readonly logins: Logins
  readonly trades: Trades
  readonly refunds: Refunds
  readonly billFiles: BillFiles
  /** What codes lead to, by the number in the addresses of their pictures. */
  readonly qrcodes: Map<string, Content>
}

/** A call that is signed and whose parameters keep to the rules. */
export interface Call {
  readonly request: Received
  /** All that came beside `biz_content`. */
  readonly params: Fields
  readonly content: Content
}

/** One method of the gateway: what it asks of a call is data. */
export interface Entry {
  method: string
  /** Of the parameters that old methods want beside `biz_content`. */
  params?: Rules
  content?: Rules
  /** All names there may be in the content, for a method that may do harm with others. */
  only?: readonly string[]
  /** What is said to a parameter that breaks a rule; ACQ.INVALID_PARAMETER unless said otherwise. */
  otherwise?: (name: string) => AlipayRefusal
  /** Old methods have no code where they succeed, and fail as the gateway does. */
  isOld?: true
  /** What can go wrong here and not elsewhere. */
  faults?: readonly Fault[]
  /** What goes with code 10000. `fault` is one of its own. */
  answer(call: Call, context: AlipayContext, fault: Fault | undefined): object
}
