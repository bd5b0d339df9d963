import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { order } from './contract/records.js'

/**
 * A process of its own that opens the store in the folder it is given and writes orders until it is killed. It says
 * on standard output which orders were kept, or why the store would not open.
 */
const say = (line: string) => process.stdout.write(`${line}\n`)

try {
  const store = await openEmbeddedStore(process.argv[2])
  for (let number = 0; ; number++) {
    await store.orders.create(order({ outTradeNo: String(number), body: 'x'.repeat(2000) }))
    say(String(number))
  }
} catch (error) {
  say(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
}
