import { orderMachine } from '../../../shared/payment/orders/states.js'
import { canBecome } from '../../../shared/payment/refunds/states.js'
import type { Document } from '../../../shared/store/documents.js'
import type {
  NoticeRecord,
  OrderRecord,
  OrderState,
  PendingEvent,
  RefundEntry,
} from '../../../shared/store/port.js'
import { orderIn, type World } from './world.js'

/** What has to hold in every state, and of every write. Each is a sentence that says what is wrong. */

const PAID_STATES: readonly OrderState[] = ['PAID', 'PARTIALLY_REFUNDED', 'REFUNDED']

const isPaid = ({ state }: Pick<OrderRecord, 'state'>): boolean => PAID_STATES.includes(state)

export const newEvents = (before: Document | undefined, after: Document): Record<string, string> => {
  const known = new Set(((before?.events ?? []) as PendingEvent[]).map(({ id }) => id))
  const events = (after.events ?? []) as PendingEvent[]
  return Object.fromEntries(events.filter(({ id }) => !known.has(id)).map(({ id, type }) => [id, type]))
}

/** What is wrong about a write of an order; `made`: the events that there were before it, by id. */
export function changeProblems(
  before: OrderRecord | undefined,
  after: OrderRecord,
  made: Readonly<Record<string, string>>,
): string[] {
  const problems: string[] = []
  const ids = after.events.map(({ id }) => id)
  if (new Set(ids).size < ids.length) problems.push('an event stands in an order twice')
  if (!before) return problems
  if (before.state !== after.state && !isReachable(before.state, after)) {
    problems.push(`an order went from ${before.state} to ${after.state}`)
  }
  const kept = after.history.slice(0, before.history.length)
  if (JSON.stringify(kept) !== JSON.stringify(before.history))
    problems.push('the history of an order was changed')
  for (const entry of before.refunds) problems.push(...refundProblems(entry, after))
  const added = Object.entries(newEvents(before as unknown as Document, after as unknown as Document))
  for (const [id, type] of added)
    if (made[id] !== undefined) problems.push(`the event ${type} was made twice`)
  const changes = after.history.slice(before.history.length)
  const paid = changes.filter((change) => change.to === 'PAID').length
  if (added.filter(([, type]) => type.startsWith('payment.paid')).length !== paid) {
    problems.push('a payment became another number of events than one')
  }
  return problems
}

const moves = new Set(
  Object.values(orderMachine).flatMap(({ moves }) =>
    Object.entries(moves).map(([from, move]) => `${from} ${typeof move === 'string' ? move : move[0]}`),
  ),
)

/** By the changes that the history tells: one write may carry two. */
function isReachable(from: OrderState, { history, state }: OrderRecord): boolean {
  const last = history.at(-1)
  const path = history.slice(history.findLastIndex((line) => line.from === from))
  return last?.to === state && path.every(({ from, to }) => moves.has(`${from} ${to}`))
}

function refundProblems(before: RefundEntry, { refunds }: OrderRecord): string[] {
  const after = refunds.find(({ outRefundNo }) => outRefundNo === before.outRefundNo)
  if (!after) return [`the refund ${before.outRefundNo} is gone`]
  if (after.refundFee !== before.refundFee) return [`the amount of refund ${before.outRefundNo} changed`]
  const isRepeat = after.state === 'REQUESTED' || (after.state === 'UNKNOWN' && before.state === 'REQUESTED')
  if (after.state === before.state || isRepeat || canBecome(before, after.state)) return []
  return [`the refund ${before.outRefundNo} went from ${before.state} to ${after.state}`]
}

const count = (world: World, isMeant: (type: string) => boolean): number =>
  Object.values(world.ledger.events).filter(isMeant).length

/** What is wrong about a state. */
export function stateProblems(world: World): string[] {
  const order = orderIn(world)
  if (!order) return ['the order is gone']
  const problems = [...world.problems]
  const { trade } = world.books
  if (count(world, (type) => type.startsWith('payment.paid')) > 1)
    problems.push('two events say that it was paid')
  if (count(world, (type) => type === 'payment.contradiction') > 0)
    problems.push('a contradiction without a cause')
  if (isPaid(order) && trade?.state !== 'SUCCESS') problems.push('paid here, and not there')
  if (order.history.filter(({ to }) => to === 'PAID').length > 1) problems.push('paid twice')
  const counted = order.refunds.filter(({ state }) => state !== 'CLOSED')
  if (counted.reduce((sum, { refundFee }) => sum + refundFee, 0) > order.totalFee) {
    problems.push('the refunds of the order are more than was paid')
  }
  const accepted = trade?.refunds.filter(({ state }) => state !== 'CLOSED') ?? []
  if (accepted.reduce((sum, { refundFee }) => sum + refundFee, 0) > (trade?.totalFee ?? 0)) {
    problems.push('the platform gave back more than was paid')
  }
  for (const promise of world.ledger.promised) {
    if (!isKept(world, order, promise)) problems.push(`promised and not so: ${promise}`)
  }
  return problems
}

function isKept(world: World, order: OrderRecord, promise: string): boolean {
  if (promise === 'paid') return isPaid(order)
  if (promise === 'closed') return order.history.some(({ to }) => to === 'CLOSED') || isPaid(order)
  const [word, ...rest] = promise.split(' ')
  if (word === 'refund') {
    const there = world.books.trade?.refunds.find(({ outRefundNo }) => outRefundNo === rest[0])
    const here = order.refunds.find(({ outRefundNo }) => outRefundNo === rest[0])
    return here !== undefined && (here.state !== 'CLOSED' || there?.state === 'CLOSED')
  }
  const mail = JSON.parse(rest.join(' ')) as { about: string; outRefundNo?: string }
  if (mail.about === 'payment') return isPaid(order)
  const isShown = order.refunds.some(
    ({ outRefundNo, state }) =>
      outRefundNo === mail.outRefundNo &&
      (state === 'SUCCEEDED' || state === 'ABNORMAL' || state === 'CLOSED'),
  )
  return isShown || isWaiting(world, mail.outRefundNo)
}

/** A refund notice that proves nothing is kept until the platform was asked. */
const isWaiting = ({ tables }: World, outRefundNo: string | undefined): boolean =>
  [...tables].some(([key, document]) => {
    if (!key.startsWith('notices/')) return false
    const notice = document as unknown as NoticeRecord
    return notice.outRefundNo === outRefundNo && notice.confirmAt !== undefined
  })

/** Whether both sides say the same, once nothing waits any more. */
export function bookProblems(world: World): string[] {
  const order = orderIn(world)
  const { trade } = world.books
  if (!order) return ['the order is gone']
  const problems: string[] = []
  if (isPaid(order) !== (trade?.state === 'SUCCESS')) {
    problems.push(`the platform says ${trade?.state}, the order ${order.state}`)
  }
  for (const { outRefundNo, state } of trade?.refunds ?? []) {
    const here = order.refunds.find((entry) => entry.outRefundNo === outRefundNo)?.state
    const same = { SUCCESS: 'SUCCEEDED', CLOSED: 'CLOSED', ABNORMAL: 'ABNORMAL', PROCESSING: 'PROCESSING' }[
      state
    ]
    if (here !== same) problems.push(`the platform says ${state} of refund ${outRefundNo}, the order ${here}`)
  }
  for (const { outRefundNo, state } of order.refunds) {
    const isThere = trade?.refunds.some((refund) => refund.outRefundNo === outRefundNo)
    if (!isThere && state !== 'CLOSED' && state !== 'UNKNOWN')
      problems.push(`nobody there knows refund ${outRefundNo}`)
  }
  const undelivered = Object.entries(world.ledger.events).filter(([id]) => !world.ledger.delivered[id])
  for (const [, type] of undelivered) problems.push(`the event ${type} was never delivered`)
  return problems
}
