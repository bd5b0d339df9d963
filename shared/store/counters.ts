import type { Documents } from './documents.js'
import type { CounterStore } from './port.js'
import { sweeper } from './sweeper.js'

export function counterStore(documents: Documents): CounterStore {
  const sweep = sweeper(documents, 'counters')
  return {
    async hit(key, windowEnd) {
      await sweep(windowEnd)
      const id = `${key}@${windowEnd}`
      const more = () => documents.update('counters', id, {}, { inc: { count: 1 } })
      if (!(await more())) {
        if (await documents.insert('counters', { _id: id, count: 1, expiresAt: windowEnd })) return 1
        await more()
      }
      // Reading afterwards costs one look. Counting exactly, by compare and swap, would let a flood of calls by one
      // user make itself as many rounds as there are calls.
      const document = await documents.get('counters', id)
      return (document as { count: number } | undefined)?.count ?? 1
    },
  }
}
