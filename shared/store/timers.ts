import type { Documents } from './documents.js'

/** Who may run what is due, where several processes of one's own server keep the same time. */
export interface TimerStore {
  /**
   * Takes one period of a timer, counted from the epoch: true for one process alone. A period that was taken while a
   * clock was ahead, by more than the one that clocks may differ by, holds nobody up when it is right again.
   */
  take(name: string, period: number): Promise<boolean>
}

/** They lie beside the leases of tokens, which every deployed space has a collection for, and which no timer is named like. */
export function timerStore(documents: Documents): TimerStore {
  return {
    async take(name, period) {
      const id = `timer:${name}`
      const change = { set: { period } }
      return (
        (await documents.update('tokens', id, { period: { $lt: period } }, change)) ||
        (await documents.update('tokens', id, { period: { $gt: period + 1 } }, change)) ||
        documents.insert('tokens', { _id: id, period })
      )
    },
  }
}
