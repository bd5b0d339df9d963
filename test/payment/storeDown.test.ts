import t from 'tap'
import { storeUnavailable } from '../../shared/errors/index.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { openUniCloudStore, type Store } from '../../shared/store/index.js'
import { UniCloudDatabaseStandIn } from '../support/unicloudDatabase.js'
import { paymentsWithoutStore } from './storeDown.js'

/** The store is down: failure to providers, a clear error to clients in time, no half state. MongoDB: test/store/mongodb. */

t.test('embedded, whose file cannot be used', async (t) => {
  let isDown = false
  const store = broken(await openEmbeddedStore(), () => isDown)
  await paymentsWithoutStore(t, {
    store,
    down: () => {
      isDown = true
    },
    up: () => {
      isDown = false
    },
  })
})

/** As the adapter fails where SQLite does; test/store/folder.test.ts has the full disk and the cut files themselves. */
function broken(store: Store, isDown: () => boolean): Store {
  const part = <Part extends object>(owner: Part): Part =>
    new Proxy(owner, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name)
        if (typeof method !== 'function') return method
        return async (...given: unknown[]) => {
          if (isDown()) throw storeUnavailable(new Error('SQLITE_FULL'))
          return Reflect.apply(method, target, given)
        }
      },
    })
  return {
    ...store,
    ...{ orders: part(store.orders), notices: part(store.notices), events: part(store.events) },
    ...{ sessions: part(store.sessions), counters: part(store.counters) },
  }
}

for (const way of ['down', 'hanging'] as const) {
  t.test(`the database of a uniCloud space, ${way}`, async (t) => {
    const database = new UniCloudDatabaseStandIn()
    const store = openUniCloudStore(database)
    await paymentsWithoutStore(t, {
      store,
      down: () => {
        database[way] = true
      },
      up: () => {
        database[way] = false
      },
    })
  })
}
