import { replyToNotice } from '../../../shared/payment/notices/receiveNotice.js'
import { entryOf } from '../../../shared/payment/registry.js'
import type { Document } from '../../../shared/store/documents.js'
import type { OrderRecord } from '../../../shared/store/port.js'
import { type Books, type Mail, pay } from './books.js'
import { type StoreCall, storeAnswer, type Tables } from './documents.js'
import { changeProblems, newEvents } from './invariants.js'
import type { Call, Ending, Request } from './invocation.js'
import { pendingOf } from './invocation.js'
import type { Wire } from './wires/wire.js'
import { type Failure, orderIn, type Start, type Step, type World } from './world.js'

/** What may go wrong with one request of an invocation. */
export type Fault =
  /** The platform acted, and its answer was lost. */
  | 'answer lost'
  /** The request never arrived. */
  | 'request lost'
  /** The store wrote, and its answer was lost. */
  | 'write unanswered'
  | 'store down'

/** What is built in to be found, around the product and never inside of it. */
export interface Plant {
  store?(tables: Tables, call: StoreCall): { answer: unknown; tables: Tables }
  understood?(said: boolean): boolean
  /** Functions that do nothing. */
  idle?: Start['call']
}

export interface Setting {
  wire: Wire
  plant?: Plant
}

/** The world after one request of an invocation, and what the invocation gets. */
export function granted(
  { wire, plant }: Setting,
  world: World,
  request: Request,
  fault?: Fault,
): { world: World; step: Step } {
  const { key } = pendingOf(request)
  const at = world.now
  const failing = (failure: Failure, after: World) => ({ world: after, step: { key, at, failure } })
  if (request.kind === 'delivery') {
    if (fault === 'request lost') return failing('no answer', world)
    const after = withDelivery(world, request.event.id)
    return fault ? failing('no answer', after) : { world: after, step: { key, at, answer: { errCode: 0 } } }
  }
  if (request.kind === 'provider') {
    if (fault === 'request lost') return failing('no answer', world)
    const books = structuredClone(world.books)
    const answer = wire.answer(books, request.request, at)
    const after = withBooks(world, books)
    if (fault) return failing('no answer', after)
    return { world: after, step: { key, at, answer, learned: JSON.stringify(after.books) } }
  }
  if (fault === 'store down') return failing('store down', world)
  try {
    const { answer, tables } = (plant?.store ?? storeAnswer)(world.tables, request.call)
    const after = withTables(world, tables)
    return fault ? failing('store down', after) : { world: after, step: { key, at, answer } }
  } catch (error) {
    return { world, step: { key, at, answer: error } }
  }
}

const withDelivery = (world: World, id: string): World => {
  const { delivered } = world.ledger
  const ledger = { ...world.ledger, delivered: { ...delivered, [id]: Math.min(2, (delivered[id] ?? 0) + 1) } }
  return { ...world, ledger }
}

/** With what the platform did, and the notices it sends of it. */
export function withBooks(world: World, { outbox = [], ...books }: Books): World {
  const letters = outbox.map((mail) => ({ mail, understood: false, sent: 0 }))
  return { ...world, books, mail: [...world.mail, ...letters] }
}

function withTables(world: World, tables: Tables): World {
  if (tables === world.tables) return world
  const problems: string[] = []
  let { events } = world.ledger
  for (const [key, document] of tables) {
    const before = world.tables.get(key)
    if (before === document) continue
    if (key.startsWith('orders/'))
      problems.push(
        ...changeProblems(asOrder(before), asOrder(document), world.ledger.restored ? {} : events),
      )
    events = { ...events, ...newEvents(before, document) }
  }
  return { ...world, tables, ledger: { ...world.ledger, events }, problems: [...world.problems, ...problems] }
}

const asOrder = (document: Document | undefined) => document as unknown as OrderRecord

/** The world after an invocation came to its end: what it promised has to hold from now on. */
export function landed({ wire, plant }: Setting, world: World, start: Start, ending: Ending): World {
  if (start.call === 'notice') {
    const reply =
      'error' in ending
        ? entryOf(wire.provider)?.entry.replies.refused
        : replyToNotice(ending.result, ending.context)
    const said = reply !== undefined && wire.understands(reply)
    const understood = plant?.understood?.(said) ?? said
    const mail = world.mail.map((letter) =>
      sameMail(letter.mail, start.mail) ? { ...letter, understood: letter.understood || understood } : letter,
    )
    const promise = understood ? [`notice ${JSON.stringify(start.mail)}`] : []
    return promising({ ...world, mail }, promise)
  }
  if ('error' in ending) return world
  return promising(world, promisesOf(start, ending.result as Record<string, unknown>))
}

export const sameMail = (one: Mail, other: Mail): boolean => JSON.stringify(one) === JSON.stringify(other)

function promisesOf(start: Start, { orderState, refundStatus, outcome }: Record<string, unknown>): string[] {
  if (start.call === 'closeOrder') return ['closed']
  const paid = /^(PAID|PARTIALLY_REFUNDED|REFUNDED)$/.test(String(orderState)) ? ['paid'] : []
  if (start.call !== 'refund' || outcome === 'unknown') return paid
  return refundStatus === undefined || refundStatus === 'REFUNDCLOSE'
    ? paid
    : [...paid, `refund ${start.outRefundNo}`]
}

function promising(world: World, more: readonly string[]): World {
  const promised = [...new Set([...world.ledger.promised, ...more])].sort()
  return { ...world, ledger: { ...world.ledger, promised } }
}

/** The call that a start makes, in the words that arrive at the function. */
export function callOf({ wire }: Setting, world: World, start: Start): Call {
  const outTradeNo = orderIn(world)?.outTradeNo ?? ''
  switch (start.call) {
    case 'getOrderInfo':
      return { operation: 'getOrderInfo', input: { outTradeNo, clientType: wire.clientType } }
    case 'refund':
      return {
        operation: 'refund',
        input: { outTradeNo, outRefundNo: start.outRefundNo, refundFee: start.refundFee },
      }
    case 'refundQuery':
      return { operation: 'refundQuery', input: { outTradeNo, outRefundNo: start.outRefundNo } }
    case 'notice': {
      const { headers, body: rawBody } = wire.notice(world.books, start.mail, world.now)
      const path = `/${wire.provider}/${wire.merchantId}`
      return {
        operation: 'notice',
        input: {},
        httpCall: { method: 'POST', path, query: {}, headers, rawBody },
      }
    }
    case 'timer':
      return { operation: 'timer', input: {} }
    default:
      return { operation: start.call, input: { outTradeNo } }
  }
}

/** The order as `backup` has it, and everything else as it is; undefined where that is the same. */
export function restoredFrom(world: World, backup: Tables): World | undefined {
  const [key, document] = [...backup].find(([each]) => each.startsWith('orders/')) ?? []
  if (!key || !document || world.tables.get(key) === document) return undefined
  const ledger = { ...world.ledger, promised: [], restored: true as const }
  return { ...world, tables: new Map(world.tables).set(key, document), ledger }
}

/** The payer pays; undefined where that cannot be. */
export function paidBy(world: World): World | undefined {
  const books = structuredClone(world.books)
  const mail = pay(books, world.now)
  return mail && withBooks(world, { ...books, outbox: [mail] })
}
