import type { Document } from '../../../shared/store/documents.js'
import type { OrderHistory, PendingEvent } from '../../../shared/store/port.js'
import type { Plant } from './apply.js'
import { type StoreCall, storeAnswer, type Tables } from './documents.js'
import { type Beginnings, TOTAL } from './start.js'
import { everything } from './stories.js'
import type { Left } from './world.js'

/** A fault that is built in, around the product, and how it has to be found. */
export interface Planted {
  what: string
  plant: Plant
  from: keyof Beginnings
  depth: number
  left: Left
  /** One of the problems that the checker tells. */
  as: RegExp
}

type Update = Extract<StoreCall, { method: 'update' }>

/** Updates of orders go through `changed`; undefined leaves them out, and they are answered as done. */
const onOrders =
  (
    changed: (update: Update, before: Document | undefined) => Update | undefined,
  ): NonNullable<Plant['store']> =>
  (tables, call) => {
    if (call.method !== 'update' || call.collection !== 'orders') return storeAnswer(tables, call)
    const update = changed(call, tables.get(`orders/${call.id}`))
    return update ? storeAnswer(tables, update) : { answer: true, tables }
  }

const withSet = (update: Update, set: object): Update => ({
  ...update,
  change: { ...update.change, set: { ...update.change.set, ...set } },
})

const setOf = ({ change: { set } }: Update) => (set ?? {}) as { state?: string; events?: PendingEvent[] }

/** The store shows orders that are twice as large as they are. */
function inflated(tables: Tables, call: StoreCall): { answer: unknown; tables: Tables } {
  const shown = (document: Document | undefined) => document && { ...document, totalFee: 2 * TOTAL }
  if (call.collection !== 'orders') return storeAnswer(tables, call)
  if (call.method === 'update') return storeAnswer(tables, withSet(call, { totalFee: TOTAL }))
  const { answer, tables: after } = storeAnswer(tables, call)
  if (call.method === 'get') return { answer: shown(answer as Document | undefined), tables: after }
  return { answer: call.method === 'find' ? (answer as Document[]).map(shown) : answer, tables: after }
}

export const planted: readonly Planted[] = [
  {
    what: 'a conditional write that ignores its condition',
    plant: { store: onOrders((update) => ({ ...update, filter: {} })) },
    from: 'offered',
    depth: 3,
    left: { orderQuery: 1, closeOrder: 1, notice: 1, loss: 1, switch: 1 },
    as: /the history of an order was changed|was made twice|promised and not so/,
  },
  {
    what: 'a write that is acknowledged and not kept',
    plant: { store: onOrders((update) => (setOf(update).state === 'PAID' ? undefined : update)) },
    from: 'offered',
    depth: 2,
    left: everything,
    as: /it is never settled/,
  },
  {
    what: 'an event with two ids',
    plant: {
      store: onOrders((update) => {
        const { events = [], state } = setOf(update)
        if (state !== 'PAID' || events.length !== 1) return update
        return withSet(update, {
          events: events.flatMap((event) => [event, { ...event, id: `${event.id}2` }]),
        })
      }),
    },
    from: 'offered',
    depth: 2,
    left: everything,
    as: /another number of events than one/,
  },
  {
    what: 'an event that stands in its order twice',
    plant: {
      store: onOrders((update) => {
        const { events = [] } = setOf(update)
        return events.length === 1 ? withSet(update, { events: [...events, ...events] }) : update
      }),
    },
    from: 'offered',
    depth: 2,
    left: everything,
    as: /stands in an order twice/,
  },
  {
    what: 'a refund above what was paid',
    plant: { store: inflated },
    from: 'paid',
    depth: 2,
    left: everything,
    as: /the refunds of the order are more than was paid/,
  },
  {
    what: 'an acknowledgement of what was never kept',
    plant: { understood: () => true },
    from: 'offered',
    depth: 3,
    left: everything,
    as: /promised and not so: notice/,
  },
  {
    what: 'a timer that does nothing',
    plant: { idle: 'timer' },
    from: 'offered',
    depth: 1,
    left: everything,
    as: /afterwards: the platform says SUCCESS, the order PAYING/,
  },
  {
    what: 'a history that is cut',
    plant: {
      store: onOrders((update) => {
        const { history = [] } = update.change.set as { history?: OrderHistory[] }
        return withSet(update, { history: history.slice(-1) })
      }),
    },
    from: 'offered',
    depth: 2,
    left: everything,
    as: /the history of an order was changed/,
  },
  {
    what: 'an order that goes back',
    plant: {
      store: onOrders((update) =>
        setOf(update).state === 'CLOSED' ? withSet(update, { state: 'CREATED' }) : update,
      ),
    },
    from: 'offered',
    depth: 1,
    left: everything,
    as: /an order went from PAYING to CREATED/,
  },
]
