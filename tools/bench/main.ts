import { measureLoads } from './load.js'

/** `npm run bench [function...]`: load times of built functions over an empty one. */
const wanted = process.argv.slice(2)
const functions =
  wanted.length > 0 ? wanted : ['verifyPaymentNotify', 'getOrderInfo', 'wxacodeGet', 'tokenRefresh']
const RUNS = 21

const [empty, ...loads] = measureLoads(functions, RUNS)
console.log(`load time, median of ${RUNS} fresh processes taken in turn`)
console.log(`  ${'empty function'.padEnd(28)} ${empty?.median.toFixed(2)} ms`)
for (const { name, median } of loads) {
  const over = median - (empty?.median ?? 0)
  console.log(`  ${name.padEnd(28)} ${median.toFixed(2)} ms   ${over.toFixed(2)} ms over the empty one`)
}
