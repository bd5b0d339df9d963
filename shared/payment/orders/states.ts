import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../clock.js'
import { type EventType, pendingEvent } from '../../events/event.js'
import type { OrderRecord, OrderState, RefundEntry } from '../../store/port.js'

/** What causes a move; kept in the order's history. */
export type OrderTrigger =
  | 'getOrderInfo'
  | 'notice'
  | 'query'
  | 'refund'
  | 'refundNotice'
  | 'refundQuery'
  | 'closeOrder'
  | 'cancelOrder'
  | 'bill'
  /** Its end had come, and the timer closed it. */
  | 'expiry'

/** Where an order goes and what the merchant is told; or that both cannot be true. */
type Move = readonly [to: OrderState, event?: EventType] | 'contradiction'

/** What happens to an order: what may cause it, and what follows from it in each state. Elsewhere it changes nothing. */
interface Happening {
  by: readonly OrderTrigger[]
  moves: Readonly<Partial<Record<OrderState, Move>>>
}

/** Every way in which a provider's claim about a payment comes here: what it says of a refund proves the payment too. */
const CLAIMS: readonly OrderTrigger[] = [
  ...(['notice', 'query', 'refund', 'refundNotice', 'refundQuery'] as const),
  ...(['closeOrder', 'cancelOrder', 'expiry', 'bill'] as const),
]

/**
 * The machine of orders: what is not here does not happen, since messages come late and out of order. Some of it looks
 * odd and is real: an order can be paid though the write of PAYING was lost, and after it was closed, when the payer was
 * faster than the closing; and what was paid and given back whole before anybody here knew is over, like what was
 * closed, and nothing to deliver. `npm run docs` draws it into docs/orders.md.
 */
export const orderMachine = {
  offered: { by: ['getOrderInfo'], moves: { CREATED: ['PAYING'] } },
  paid: {
    by: CLAIMS,
    moves: {
      CREATED: ['PAID', 'payment.paid'],
      PAYING: ['PAID', 'payment.paid'],
      CLOSED: ['PAID', 'payment.paidAfterClose'],
    },
  },
  /** And of what was given back nobody says how much. */
  paidInPart: {
    by: CLAIMS,
    moves: {
      CREATED: ['PAID', 'payment.paidThenRefunded'],
      PAYING: ['PAID', 'payment.paidThenRefunded'],
      CLOSED: ['PAID', 'payment.paidThenRefunded'],
    },
  },
  /** Paid, and given back whole. */
  givenBack: {
    by: CLAIMS,
    moves: {
      CREATED: ['REFUNDED', 'payment.closed'],
      PAYING: ['REFUNDED', 'payment.closed'],
      CLOSED: ['REFUNDED'],
      PAID: ['REFUNDED'],
      PARTIALLY_REFUNDED: ['REFUNDED'],
    },
  },
  /** The same, where each refund is told by itself. */
  givenBackByRefunds: {
    by: CLAIMS,
    moves: {
      CREATED: ['REFUNDED'],
      PAYING: ['REFUNDED'],
      CLOSED: ['REFUNDED'],
      PAID: ['REFUNDED'],
      PARTIALLY_REFUNDED: ['REFUNDED'],
    },
  },
  refundedInPart: { by: CLAIMS, moves: { PAID: ['PARTIALLY_REFUNDED'] } },
  /** The provider says that nobody pays it any more, which is its last word. */
  closedThere: {
    by: CLAIMS,
    moves: {
      CREATED: ['CLOSED', 'payment.closed'],
      PAYING: ['CLOSED', 'payment.closed'],
      PAID: 'contradiction',
      PARTIALLY_REFUNDED: 'contradiction',
    },
  },
  /** The provider knows of none that could be paid. */
  closedHere: {
    by: ['closeOrder', 'cancelOrder', 'expiry'],
    moves: { CREATED: ['CLOSED', 'payment.closed'], PAYING: ['CLOSED', 'payment.closed'] },
  },
} as const satisfies Record<string, Happening>

export type OrderHappening = keyof typeof orderMachine

const moveOf = (state: OrderState, what: OrderHappening): Move | undefined => {
  const { moves }: Happening = orderMachine[what]
  return moves[state]
}

/** Whether a provider cannot say this of an order in such a state. */
export const contradicts = ({ state }: OrderRecord, what: OrderHappening): boolean =>
  moveOf(state, what) === 'contradiction'

/** What happens to an order, why and when (ms), and what its event has beyond the order itself. */
export interface Transition {
  what: OrderHappening
  by: OrderTrigger
  at: number
  eventData?: object
}

/** The order after a move, its event among the pending ones; undefined when the machine has no such move. */
export function transition(
  order: OrderRecord,
  { what, by, at, eventData = {} }: Transition,
): OrderRecord | undefined {
  const move = moveOf(order.state, what)
  const { by: triggers }: Happening = orderMachine[what]
  if (move === undefined || move === 'contradiction' || !triggers.includes(by)) return undefined
  const [to, event] = move
  const { provider, merchantId, outTradeNo } = order
  const pending =
    event && pendingEvent(event, { provider, merchantId, outTradeNo }, { ...eventData, state: to }, at)
  return {
    ...order,
    state: to,
    updatedAt: at,
    history: [...order.history, { at, from: order.state, to, by }],
    events: pending ? [...order.events, pending] : order.events,
  }
}

/** Whether no payment of the order is known here. */
export const isUnpaid = ({ state }: OrderRecord): boolean =>
  state === 'CREATED' || state === 'PAYING' || state === 'CLOSED'

/*
 * When the provider is asked about an order that waits: for its payment, for its end, or for that of a refund. Every
 * write of an order passes through `planned`, so that what waits always has a time at which a timer asks, and what waits
 * for nothing has none. Times are milliseconds.
 */

/** How long to wait before each question; after the last of them every hour. */
const STEPS = [30_000, MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS] as const

const stepAfter = (queries: number): number => STEPS[queries] ?? HOUR_MS

/** A payment may still be on its way when its order expires: the provider is asked a little later. */
const EXPIRY_MARGIN = MINUTE_MS

/** How long after an order was closed the provider is asked once more, whether somebody was faster than the closing. */
const AFTER_CLOSE = 10 * MINUTE_MS

/**
 * How long an order that names no end can be paid by its provider's own rule, in days: WeChat Pay takes payments for a
 * week, Alipay for the longest `timeout_express`.
 */
const longestOffer = ({ provider }: OrderRecord): number => (provider === 'alipay' ? 15 : 7) * DAY_MS

/** Whether the provider has to be asked how a refund ends. */
export const isOpenRefund = ({ state }: RefundEntry): boolean =>
  state === 'REQUESTED' || state === 'PROCESSING' || state === 'UNKNOWN'

/** Whether the order was closed here when its payment came, and nothing was done about it since. */
export const isLatePayment = ({ state, history }: OrderRecord): boolean =>
  state === 'PAID' && history.at(-1)?.from === 'CLOSED'

/**
 * When an unpaid order is over, and is closed by the timer. One that names no end and that nobody was offered is over
 * as if it had been offered when it was made; offered before that, it has as long again.
 */
export function endOf(order: OrderRecord): number | undefined {
  const { state, expiresAt, history, createdAt } = order
  if (expiresAt !== undefined) return expiresAt + EXPIRY_MARGIN
  if (state !== 'PAYING' && state !== 'CREATED') return undefined
  return (history.findLast(({ to }) => to === 'PAYING')?.at ?? createdAt) + longestOffer(order)
}

/** What waits until it ends, however often the provider has to be asked. */
const waits = (order: OrderRecord): boolean =>
  order.state === 'PAYING' || order.state === 'CREATED' || order.refunds.some(isOpenRefund)

/** What is looked at once more: a closed order may have been paid, a late payment may have to be given back. */
const lingers = (order: OrderRecord): boolean => order.state === 'CLOSED' || isLatePayment(order)

/** When to ask about what has just begun to wait; undefined where nothing has. */
function begun(before: OrderRecord | undefined, after: OrderRecord, at: number): number | undefined {
  const { state } = after
  const isNew = state !== before?.state
  const times: number[] = []
  if (isNew && state === 'PAYING') times.push(at + STEPS[0])
  if (isNew && state === 'CREATED') times.push(endOf(after) ?? at)
  if (isNew && state === 'CLOSED') times.push(at + AFTER_CLOSE)
  if (isNew && isLatePayment(after)) times.push(at)
  if (after.refunds.some((entry) => isOpenRefund(entry) && !isIn(before, entry))) times.push(at + STEPS[0])
  return times.length === 0 ? undefined : Math.min(...times)
}

const isIn = (order: OrderRecord | undefined, { outRefundNo, state, attempts }: RefundEntry): boolean =>
  order?.refunds.some(
    (known) => known.outRefundNo === outRefundNo && known.state === state && known.attempts === attempts,
  ) === true

/** The order as it is to be written, with the time of the next question. `before`: as it was read; absent for a new one. */
export function planned(before: OrderRecord | undefined, after: OrderRecord, at: number): OrderRecord {
  const soon = begun(before, after, at)
  if (soon !== undefined) return { ...after, nextQueryAt: soon, plannedAt: at, queries: 0 }
  const isPlanned = after.nextQueryAt !== undefined
  if (isPlanned ? waits(after) || lingers(after) : !waits(after)) return after
  if (isPlanned) return withoutQuestions(after)
  // Nobody can have paid what nobody was offered: only its end is to be seen to.
  const isOffered = after.state !== 'CREATED' || after.refunds.some(isOpenRefund)
  const nextQueryAt = isOffered ? at + STEPS[0] : Math.max(at, endOf(after) ?? at)
  return { ...after, nextQueryAt, plannedAt: at, queries: 0 }
}

/** The order, about which nothing is left to ask. */
export function withoutQuestions(order: OrderRecord): OrderRecord {
  const { nextQueryAt: _due, plannedAt: _planned, queries: _asked, ...rest } = order
  return rest
}

/** An order that its payer opened again, if the question after that would be long in coming; else undefined. */
export function offeredAgain(order: OrderRecord, at: number): OrderRecord | undefined {
  const { nextQueryAt = Number.POSITIVE_INFINITY } = order
  if (nextQueryAt <= at + STEPS[0]) return undefined
  return { ...order, nextQueryAt: at + STEPS[0], plannedAt: at, queries: 0 }
}

/** The order with a question reserved: what is written before the provider is asked, so that nobody else asks now. */
export function reservedQuestion(order: OrderRecord, at: number): OrderRecord {
  const queries = (order.queries ?? 0) + 1
  const next = at + stepAfter(queries)
  const end = order.refunds.some(isOpenRefund) ? undefined : endOf(order)
  return {
    ...order,
    queries,
    queriedAt: at,
    nextQueryAt: end !== undefined && end > at ? Math.min(next, end) : next,
    plannedAt: at,
  }
}
