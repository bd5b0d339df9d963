import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { order } from './contract/records.js'

/** A process of its own that changes one order as often as it is told, against others that do the same. */
const [folder = '', times = '0'] = process.argv.slice(2)
const store = await openEmbeddedStore(folder)
for (let done = 0; done < Number(times); ) {
  const current = await store.orders.find(order({ outTradeNo: 'counted' }))
  if (current && (await store.orders.replace(current))) done += 1
}
await store.close()
