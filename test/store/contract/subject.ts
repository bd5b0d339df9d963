import type { Test } from 'tap'
import type { Store } from '../../../shared/store/index.js'

/** One kind of store, opened empty for one test. */
export interface Subject<S = Store> {
  /** Connections to the same data: as many as the kind allows, so that rivals do not share one. */
  stores: readonly [S, ...S[]]
  /** Everything closed and opened again, as after a restart; absent where nothing outlives the process. */
  reopen?(): Promise<S>
}

/** A part of the contract. It leaves nothing behind that another part could meet. */
export type Part<S = Store> = (t: Test, subject: Subject<S>) => Promise<void>

/** Runs `work` `times` times at once, each on the next of the connections. */
export const atOnce = <S, T>(
  { stores }: Subject<S>,
  times: number,
  work: (store: S, index: number) => Promise<T>,
): Promise<T[]> =>
  Promise.all(
    Array.from({ length: times }, (_, index) => work(stores[index % stores.length] ?? stores[0], index)),
  )

export const countOf = (answers: readonly boolean[]): number => answers.filter(Boolean).length
