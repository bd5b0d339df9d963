import { type ProviderId, providerIds, type Refusal } from '../../../shared/payment/provider.js'
import type { LocalPlatforms } from '../../../tools/emulator/platforms/index.js'
import type { HandClock } from '../../support/clock.js'

/** What a row of the attack table is made of. */

export const providers = providerIds
export type Provider = ProviderId

export const kinds = ['payment', 'refund'] as const
export type Kind = (typeof kinds)[number]

/** One HTTP call to the local cloud. */
export interface Letter {
  method: string
  /** Which of the clouds' ways in: `/http`, `/fc2` or `/fc3`. */
  door: 'http' | 'fc2' | 'fc3'
  /** Behind the door: `<function>/<provider>/<merchant>`, and a query where there is one. */
  path: string
  headers: Readonly<Record<string, string | string[]>>
  body: Buffer
}

/** A notice that a provider really sent, of an order that waits for it; nobody but the attacker has it so far. */
export interface Genuine {
  provider: Provider
  kind: Kind
  letter: Letter
  outTradeNo: string
  platforms: LocalPlatforms
  clock: HandClock
}

export type Maker = (genuine: Genuine) => Letter

/** What a message says otherwise; it may depend on the genuine one. */
export type Otherwise<Fields> = Fields | ((genuine: Genuine) => Fields)

export const otherwise = <Fields extends object>(fields: Otherwise<Fields>, genuine: Genuine): Fields =>
  typeof fields === 'function' ? fields(genuine) : fields

/**
 * What has to come of a message:
 * - `refused`: the provider's one word of failure, nothing kept but evidence; the log alone knows why.
 * - `nobody`: as refused, at an address that is no provider's and so has nobody's words.
 * - `contradiction`: the same word of failure for what is authentic and cannot be true of the order; told once.
 * - `acknowledged`: thanks, and no change to the order.
 * - `unmatched`: thanks, kept, and told once; the order is not one of ours.
 * - `believed`: thanks, and the order moves, once.
 */
export type Verdict = 'refused' | 'nobody' | 'contradiction' | 'acknowledged' | 'unmatched' | 'believed'

export interface Attempt {
  verdict: Verdict
  make: Maker
  /** Only of refused ones: what the log says. */
  why?: Refusal | 'unknown address'
  /** How many arrive at the same moment. */
  copies: number
}

/** An attack that a provider's messages have no place for, and why. */
export interface None {
  none: string
}

export type Cell = Attempt | None

export interface Row {
  name: string
  /** What goes wrong where nobody looks: the reason for the row. */
  trap: string
  cells: Readonly<Record<Provider, Cell | Readonly<Record<Kind, Cell>>>>
  /** Whether the genuine message has arrived before. */
  told?: true
  /** Milliseconds between the genuine message and this one. */
  later?: number
}

const attempt =
  (verdict: Verdict) =>
  (make: Maker, copies = 1): Attempt => ({ verdict, make, copies })

export const refused = (why: NonNullable<Attempt['why']>, make: Maker): Attempt => ({
  ...attempt('refused')(make),
  why,
})
export const nobody = (make: Maker): Attempt => ({ ...attempt('nobody')(make), why: 'unknown address' })
/** What is told once is sent three times. */
export const contradiction = (make: Maker): Attempt => attempt('contradiction')(make, 3)
export const unmatched = (make: Maker): Attempt => attempt('unmatched')(make, 3)
export const acknowledged = attempt('acknowledged')
export const believed = attempt('believed')
export const none = (why: string): None => ({ none: why })

/** The same with all providers and of both kinds. */
export const everywhere = (cell: Cell): Row['cells'] => ({
  'weixin-v2': cell,
  'weixin-v3': cell,
  alipay: cell,
})

export const cellOf = ({ cells }: Row, provider: Provider, kind: Kind): Cell => {
  const given = cells[provider]
  return 'payment' in given ? given[kind] : given
}

/** Why V2's refund notices have no row about signatures. */
const UNSIGNED = none('not signed: what it says is confirmed by a refund query before it counts')

/** A cell about the signature of V2's payments. */
export const v2Payment = (payment: Cell): Record<Kind, Cell> => ({ payment, refund: UNSIGNED })

/** The number of another payment than the genuine message tells of. */
export const anotherPayment = ({ outTradeNo }: Genuine): string =>
  `42${outTradeNo.slice(1).padStart(26, '9')}`
