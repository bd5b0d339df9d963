import type { Fields } from '../cloud/api.js'
import type { Kind, Resource } from '../cloud/resource.js'
import { type Change, changesBetween } from './differences.js'

/** One call that changes something. */
export type Step =
  | { act: 'create'; resource: Resource }
  | { act: 'update'; resource: Resource; changes: Change[]; before: Fields }
  | { act: 'delete'; kind: Kind; label: string; path: string }

/** What will be done, in order: the lanes of a phase run side by side, the steps of a lane one after another. */
export interface Plan {
  phases: Phase[]
  /** Come last, when all that is wanted stands. */
  removals: Phase[]
  /** Things that are already as they are to be. */
  unchanged: number
  /** Functions of ours that the project does not name any more. */
  left: string[]
}

export type Phase = Step[][]

/** Requests at a time; Function Compute answers about a hundred a second to an account. */
export const AT_ONCE = 6

/** What it takes to make `before` into what `resource` says: one step or none. */
export function stepsFor(resource: Resource, before: Fields | undefined): Step[] {
  if (before === undefined) return [{ act: 'create', resource }]
  const changes = changesBetween(resource.body, before)
  return changes.length === 0 ? [] : [{ act: 'update', resource, changes, before }]
}

/** Without empty lanes and phases. */
export const withoutGaps = (phases: readonly Phase[]): Phase[] =>
  phases.map((lanes) => lanes.filter((lane) => lane.length > 0)).filter((lanes) => lanes.length > 0)

export const stepsIn = ({ phases, removals }: Plan): Step[] => [...phases, ...removals].flat(2)

/** Runs `work` for all items, at most `limit` at a time; answers in their order. The first failure ends it. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  const run = async () => {
    for (let index = next++; index < items.length; index = next++) {
      results[index] = await work(items[index] as Item)
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, run))
  return results
}
