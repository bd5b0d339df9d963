import { createHash } from 'node:crypto'
import type { OrderRecord } from '../../../shared/store/port.js'
import type { Books, Mail } from './books.js'
import type { Tables } from './documents.js'
import type { Call } from './invocation.js'

/** What can be called, by a server, a timer or the platform. */
export type Start =
  | { call: 'getOrderInfo' }
  | { call: 'notice'; mail: Mail }
  | { call: 'orderQuery' }
  | { call: 'closeOrder' }
  | { call: 'refund'; outRefundNo: string; refundFee: number }
  | { call: 'refundQuery'; outRefundNo: string }
  | { call: 'timer' }

/** One thing that an invocation asked the world for, and what it got. */
export interface Step {
  /** What it was, so that a replay that asks for something else is found out. */
  key: string
  /** Milliseconds. */
  at: number
  answer?: unknown
  /** In place of a platform's answer, whose bytes differ each time: the books that it was given from. */
  learned?: string
  /** It got no answer but this. */
  failure?: Failure
}

export type Failure = 'no answer' | 'store down'

/** An invocation under way. It is where it is by what it got so far: given the same again it comes to the same place. */
export interface Flight {
  start: Start
  call: Call
  steps: readonly Step[]
  startedAt: number
  /** What it is about to ask for. */
  next: Pending
}

export interface Pending {
  key: string
  kind: 'read' | 'write' | 'provider' | 'delivery'
}

/** What was promised to somebody outside, and what was made: it has to be true from then on. */
export interface Ledger {
  /** A change that was acknowledged, to the platform or a caller. */
  promised: readonly string[]
  /** The type of each event by its id. */
  events: Readonly<Record<string, string>>
  /** Whether an order was put back: then what was made before may be made again, under the same id. */
  restored?: true
  /** How often each was delivered. */
  delivered: Readonly<Record<string, number>>
}

/** Everything there is: our documents, the platform's books, what is on its way. Never changed in place. */
export interface World {
  now: number
  tables: Tables
  books: Books
  /** Notices that the platform sends. */
  mail: readonly Letter[]
  flights: readonly Flight[]
  ledger: Ledger
  /** How often each may still happen. */
  left: Left
  /** What must not be and is. */
  problems: readonly string[]
}

export interface Letter {
  mail: Mail
  /** One that was understood may come once more all the same. */
  understood: boolean
  sent: number
}

/**
 * What is not free: calls, faults, changes from one invocation to another before the first is done, refunds that fail,
 * and orders that are put back to what a backup had of them.
 */
export type Left = Readonly<
  Partial<Record<Start['call'] | 'crash' | 'loss' | 'switch' | 'failed refund' | 'restore', number>>
>

export const orderIn = ({ tables }: World): OrderRecord | undefined =>
  [...tables].find(([key]) => key.startsWith('orders/'))?.[1] as OrderRecord | undefined

/** When each of these ages begins to matter to the product, in milliseconds. */
const AGES = [10_000, 60_000, 600_000] as const

const PAST = new Set(['updatedAt', 'appliedAt'])
const FUTURE = new Set(['nextQueryAt', 'confirmAt', 'dueAt', 'nextEventAt', 'expiresAt'])
const DROPPED = new Set([
  ...['at', 'createdAt', 'receivedAt', 'requestedAt', 'acceptedAt', 'queriedAt', 'startedAt'],
  ...['evidence', 'paidKey', 'refundKey', 'data', 'key'],
])

/**
 * What tells this world from others: the same text for two in which the same happens next. Times become how long ago or
 * how soon they are, as far as the product cares; revisions become how far behind they are.
 */
export function identity(world: World): string {
  const { now, tables } = world
  const revisions = new Map([...tables.values()].map(({ _id, rev }) => [_id, Number(rev)]))
  const reduced = (name: string, value: unknown): unknown => {
    if (DROPPED.has(name)) return undefined
    if (typeof value === 'number' && PAST.has(name)) return AGES.filter((age) => now - value >= age).length
    if (typeof value === 'number' && FUTURE.has(name)) {
      return value <= now ? 'due' : value <= now + 70_000 ? 'soon' : 'later'
    }
    if (typeof value !== 'object' || value === null) return value
    const { rev, _id = '', ...fields } = value as { rev?: number; _id?: string }
    if (rev === undefined) return value
    return { _id, ...fields, behind: (revisions.get(_id) ?? rev) - rev }
  }
  const whole = {
    tables: [...tables].sort(([one], [other]) => (one < other ? -1 : 1)),
    ...{ books: world.books, mail: world.mail, ledger: world.ledger },
    left: world.left,
    flights: world.flights.map(({ start, steps, next }) => ({
      ...{ start, next: next.key },
      steps: steps.map(({ key, answer, learned, failure }) => [key, learned ?? answer, failure]),
    })),
  }
  return createHash('sha1').update(JSON.stringify(whole, reduced)).digest('base64')
}
