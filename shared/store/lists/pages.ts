import { type Filter, MAX_PAGE, type Selection } from '../documents.js'
import type { Page, PageRequest } from './port.js'

/** Records that are listed by a time in them. */
export interface Listed<R> {
  find(filter: Filter, selection: Selection): Promise<R[]>
  /** The field of the time, which ends an index that begins with the fields of the filter. */
  field: string
  timeOf(record: R): number
  idOf(record: R): string
  /** The newest first; else the oldest. */
  descending?: true
}

/**
 * One page in the order of time, and of ids among those of one millisecond, which is a whole order: no record is left out
 * or listed twice, however many share a time and whatever is inserted meanwhile. Two or three reads, each by the index.
 */
export async function readPage<R>(
  listed: Listed<R>,
  filter: Filter,
  { since, until, after, limit: wanted }: PageRequest,
): Promise<R[]> {
  const { field, timeOf, descending } = listed
  const limit = Math.min(wanted, MAX_PAGE)
  const sameTime = (at: number, room: number, behind?: string): Promise<R[]> =>
    listed.find(
      { ...filter, [field]: at, ...(behind === undefined ? {} : { _id: { $gt: behind } }) },
      { sort: '_id', limit: room },
    )
  const begun = after ? await sameTime(after.at, limit, after.id) : []
  const room = limit - begun.length
  if (room <= 0) return begun
  const from = descending || !after ? since && since - 1 : after.at
  const to = descending && after ? after.at : until
  const range = { ...(from === undefined ? {} : { $gt: from }), ...(to === undefined ? {} : { $lt: to }) }
  const found = await listed.find(
    { ...filter, ...(Object.keys(range).length === 0 ? {} : { [field]: range }) },
    { sort: field, limit: room, ...(descending ? { descending } : {}) },
  )
  const last = found.at(-1)
  if (!last || found.length < room) return [...begun, ...inOrder(found, listed)]
  // The page may end among records of one time, of which the database gave any: those are read by their ids.
  const whole = found.filter((record) => timeOf(record) !== timeOf(last))
  return [...begun, ...inOrder(whole, listed), ...(await sameTime(timeOf(last), room - whole.length))]
}

export function inOrder<R>(
  records: R[],
  { timeOf, idOf, descending }: Pick<Listed<R>, 'timeOf' | 'idOf' | 'descending'>,
): R[] {
  const sign = descending ? -1 : 1
  return records.sort(
    (one, other) => sign * (timeOf(one) - timeOf(other)) || (idOf(one) < idOf(other) ? -1 : 1),
  )
}

/** The records of a page, and where the next one begins. */
export function pageOf<R>(
  { timeOf, idOf }: Pick<Listed<R>, 'timeOf' | 'idOf'>,
  records: R[],
  limit: number,
): Page<R> {
  const last = records.length >= limit ? records.at(-1) : undefined
  return { records, ...(last ? { end: { at: timeOf(last), id: idOf(last) } } : {}) }
}
