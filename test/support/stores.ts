import type { Test } from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { collections, openMongoStore, openUniCloudStore, type Store } from '../../shared/store/index.js'
import { withMongo } from './mongo/withMongo.js'
import { UniCloudDatabaseStandIn } from './unicloudDatabase.js'

/**
 * Runs `work` once for each kind of store; `open` answers an empty one. Whoever gets it closes it. MongoDB stays out
 * where there is no server, loudly (see withMongo).
 */
export async function forEachStore(
  t: Test,
  work: (t: Test, open: () => Promise<Store>) => Promise<void>,
): Promise<void> {
  await t.test('embedded', (t) => work(t, () => openEmbeddedStore()))
  await t.test('uniCloud', (t) =>
    work(t, async () =>
      openUniCloudStore(new UniCloudDatabaseStandIn({ [collections.orders.name]: 'transactionKey' })),
    ),
  )
  await t.test('MongoDB', (t) =>
    withMongo(t, async (uri) => {
      let opened = 0
      await work(t, () => {
        opened += 1
        return openMongoStore(uri.replace(/\/([^/?]+)\?/, `/$1-${opened}?`))
      })
    }),
  )
}
