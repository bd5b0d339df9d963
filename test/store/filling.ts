import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { refused } from '../support/refused.js'
import { order } from './contract/records.js'

/**
 * A process of its own that writes orders into the folder it is given, ten at a time, until the disk is full, then opens
 * the store anew and says as JSON how many were acknowledged, how many of them are found, and how the next was refused.
 */
const folder = process.argv[2] ?? ''
const store = await openEmbeddedStore(folder)
const orderOf = (number: number) => order({ outTradeNo: String(number), body: 'x'.repeat(2000) })
const acknowledged: number[] = []
let refusal: unknown
for (let next = 0; refusal === undefined && next < 5000; next += 10) {
  const batch = Array.from({ length: 10 }, (_, index) => next + index)
  const results = await Promise.allSettled(batch.map((number) => store.orders.create(orderOf(number))))
  acknowledged.push(...batch.filter((_, index) => results[index]?.status === 'fulfilled'))
  if (results.some(({ status }) => status === 'rejected'))
    refusal = await refused(store.orders.create(orderOf(next)))
}
await store.close()
const again = await openEmbeddedStore(folder)
const found = await Promise.all(acknowledged.map((number) => again.orders.find(orderOf(number))))
const count = found.filter(Boolean).length
process.stdout.write(JSON.stringify({ acknowledged: acknowledged.length, found: count, refusal }))
