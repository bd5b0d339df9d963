import type { PendingEvent, Store } from '../../../shared/store/port.js'

/** All that changes what is known of payments and of the keys that prove them. */
const WRITES: ReadonlySet<string> = new Set(['create', 'replace', 'receive', 'keepRefused', 'put'])

/** What was written into a store. */
export interface Written {
  /** By name, in order: `orders.replace` and so on. */
  writes: string[]
  /** The events that came to be, each once. */
  events: ReadonlyMap<string, PendingEvent>
}

/** A store that tells what was written into it. */
export function written(store: Store): Written & { store: Store } {
  const writes: string[] = []
  const events = new Map<string, PendingEvent>()
  const watched = <Part extends object>(name: string, part: Part): Part =>
    new Proxy(part, {
      get(target, method) {
        const own: unknown = Reflect.get(target, method)
        if (typeof own !== 'function' || !WRITES.has(String(method))) return own
        return async (record: { events?: PendingEvent[] }) => {
          writes.push(`${name}.${String(method)}`)
          const answer: unknown = await Reflect.apply(own, target, [record])
          if (answer !== false) for (const event of record.events ?? []) events.set(event.id, event)
          return answer
        }
      },
    })
  const { orders, notices, certificates } = store
  const parts = {
    orders: watched('orders', orders),
    notices: watched('notices', notices),
    certificates: watched('certificates', certificates),
  }
  return { store: { ...store, ...parts }, writes, events }
}
