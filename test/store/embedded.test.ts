import t from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { storeContract } from './contract.js'

t.test('in memory', (t) => storeContract(t, async () => ({ stores: [await openEmbeddedStore()] })))

t.test('in files', (t) =>
  storeContract(t, async (t) => {
    const folder = t.testdir()
    const store = await openEmbeddedStore(folder)
    const reopen = async () => {
      await store.close()
      return openEmbeddedStore(folder)
    }
    return { stores: [store], reopen }
  }),
)
