import type { Test } from 'tap'
import type { Store } from '../../../shared/store/index.js'

/** One kind of store, opened empty for one test. */
export interface Subject {
  /** Connections to the same data: as many as the kind allows, so that rivals do not share one. */
  stores: readonly [Store, ...Store[]]
  /** Everything closed and opened again, as after a restart; absent where nothing outlives the process. */
  reopen?(): Promise<Store>
}

/** A part of the contract. It leaves nothing behind that another part could meet. */
export type Part = (t: Test, subject: Subject) => Promise<void>

/** Runs `work` `times` times at once, each on the next of the connections. */
export const atOnce = <T>(
  { stores }: Subject,
  times: number,
  work: (store: Store, index: number) => Promise<T>,
): Promise<T[]> =>
  Promise.all(
    Array.from({ length: times }, (_, index) => work(stores[index % stores.length] ?? stores[0], index)),
  )

export const countOf = (answers: readonly boolean[]): number => answers.filter(Boolean).length
