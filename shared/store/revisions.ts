import { type Document, type Documents, type Filter, plain, type Selection } from './documents.js'
import type { DueEvent, EventState, PendingEvent } from './port.js'

/** A record that changes only as a whole: `rev` counts its writes, `events` lie inside it until they are delivered and after. */
interface Revised {
  rev: number
  events: PendingEvent[]
  plannedAt?: number
}

/** The names of a type's optional fields. */
type Optional<T> = { [K in keyof T]-?: object extends Pick<T, K> ? K : never }[keyof T] & string

/** Fields kept beside a record because an index needs them; readers never see them. */
type Derived<R> = Readonly<Record<string, (record: R) => string | number | undefined>>

export interface RevisedKind<R> {
  collection: 'orders' | 'notices'
  id(record: R): string
  /** Every optional field, so that a write removes those that are gone; the compiler keeps the list whole. */
  optional: Readonly<Record<Optional<R>, true>>
  derived?: Derived<R>
}

export interface Revisions<R> {
  insert(record: R): Promise<boolean>
  get(id: string): Promise<R | undefined>
  find(filter: Filter, selection: Selection): Promise<R[]>
  /** A stored document as its record, and whether what lies beside it is what would be written now. */
  read(document: Document): { record: R; isCurrent: boolean }
  /** Writes the record as `rev + 1` if the stored one still has its `rev`. */
  replace(record: R): Promise<boolean>
}

/**
 * Compare and swap over whole records; beside them `nextEventAt`, when the next event is due, and `lastPlannedAt`, when
 * the last of all due times in the record was written. Both are absent where nothing waits.
 */
export function revisions<R extends Revised>(documents: Documents, kind: RevisedKind<R>): Revisions<R> {
  const derived: Derived<R> = { ...kind.derived, nextEventAt, lastPlannedAt, eventAt, deadEventAt }
  const removable = [...Object.keys(kind.optional), ...Object.keys(derived)]
  const fieldsOf = (record: R): Record<string, unknown> => {
    const beside = Object.entries(derived).map(([name, derive]) => [name, derive(record)])
    return plain({ ...record, ...Object.fromEntries(beside) })
  }
  const recordOf = ({ _id, ...fields }: Document): R => {
    const own = Object.entries(fields).filter(([name]) => !(name in derived))
    return Object.fromEntries(own) as unknown as R
  }
  return {
    insert: (record) => documents.insert(kind.collection, { _id: kind.id(record), ...fieldsOf(record) }),
    async get(id) {
      const document = await documents.get(kind.collection, id)
      return document && recordOf(document)
    },
    find: async (filter, selection) =>
      (await documents.find(kind.collection, filter, selection)).map(recordOf),
    read(document) {
      const record = recordOf(document)
      const beside = Object.entries(derived)
      return { record, isCurrent: beside.every(([name, derive]) => derive(record) === document[name]) }
    },
    replace(record) {
      const set = { ...fieldsOf(record), rev: record.rev + 1 }
      const unset = removable.filter((name) => !(name in set))
      return documents.update(kind.collection, kind.id(record), { rev: record.rev }, { set, unset })
    },
  }
}

/** What stood for the time of the next attempt where there was none, before events had a state. */
const NEVER = Number.MAX_SAFE_INTEGER

export const stateOf = ({ state, dueAt }: PendingEvent): EventState =>
  state ?? (dueAt === undefined || dueAt === NEVER ? 'dead' : 'waiting')

/** The one event whose turn it is. The others of its document wait for it, so that they are told in order. */
export const firstWaiting = (events: readonly PendingEvent[]): PendingEvent | undefined =>
  events.find((event) => stateOf(event) === 'waiting')

/** The event of a document whose turn it is, if it is due at `now`. */
export function dueIn(source: DueEvent['source'], now: number): DueEvent | undefined {
  const event = firstWaiting(source.record.events)
  return event?.dueAt !== undefined && event.dueAt <= now ? { event, source } : undefined
}

const nextEventAt = ({ events }: Revised): number | undefined => firstWaiting(events)?.dueAt

/** When the newest of its events came to be, and the newest of those that were given up: lists are made by these. */
const eventAt = ({ events }: Revised): number | undefined => newest(events)

const deadEventAt = ({ events }: Revised): number | undefined =>
  newest(events.filter((event) => stateOf(event) === 'dead'))

export const newest = (events: readonly PendingEvent[]): number | undefined =>
  events.length === 0 ? undefined : Math.max(...events.map(({ createdAt }) => createdAt))

function lastPlannedAt({ events, plannedAt }: Revised): number | undefined {
  const waiting = events.filter((event) => stateOf(event) === 'waiting')
  const times = [plannedAt, ...waiting.map((event) => event.plannedAt)].filter((time) => time !== undefined)
  return times.length === 0 ? undefined : Math.max(...times)
}
