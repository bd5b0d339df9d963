import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { order } from './contract/records.js'

/**
 * A process of its own that opens the store in the folder it is given and writes orders, numbered from the second
 * argument on, until it is killed. It says on standard output which orders were kept.
 */
const [folder = '', from = '0'] = process.argv.slice(2)
const store = await openEmbeddedStore(folder)
for (let number = Number(from); ; number++) {
  await store.orders.create(order({ outTradeNo: String(number), body: 'x'.repeat(2000) }))
  process.stdout.write(`${number}\n`)
}
