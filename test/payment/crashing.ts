import { storeUnavailable } from '../../shared/errors/index.js'
import type { Store } from '../../shared/store/port.js'

/** The writes of a payment. Everything else reads. */
const WRITES: ReadonlySet<string> = new Set(['create', 'replace', 'receive', 'keepRefused'])

export interface Crashing extends Store {
  /** Writes that went through. */
  written: number
}

/** A store whose process dies after `writes` writes: whatever is asked afterwards is never answered with success. */
export function crashingAfter(store: Store, writes: number): Crashing {
  const crashing = { ...store, written: 0 }
  const guard = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...given: unknown[]) => {
          if (crashing.written >= writes) throw storeUnavailable(new Error('the process is dead'))
          const answer: unknown = await Reflect.apply(method, target, given)
          if (WRITES.has(String(name))) crashing.written += 1
          return answer
        }
      },
    })
  crashing.orders = guard(store.orders)
  crashing.notices = guard(store.notices)
  crashing.events = guard(store.events)
  return crashing
}
