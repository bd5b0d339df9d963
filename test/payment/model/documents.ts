import type { Change, Condition, Document, Filter, Selection } from '../../../shared/store/documents.js'
import { uniqueKeyTaken } from '../../../shared/store/documents.js'

/** Every document by `collection/id`. A write makes a new map: older ones stay what they were. */
export type Tables = ReadonlyMap<string, Document>

/** One call of the document port, as data. */
export type StoreCall =
  | { method: 'insert'; collection: string; document: Document }
  | { method: 'get'; collection: string; id: string }
  | { method: 'find'; collection: string; filter: Filter; selection: Selection }
  | { method: 'update'; collection: string; id: string; filter: Filter; change: Change }
  | { method: 'remove'; collection: string; id: string }
  | { method: 'expire'; collection: string; before: number }

export const isWrite = ({ method }: StoreCall): boolean =>
  method === 'insert' || method === 'update' || method === 'remove'

/** What a call answers, and the documents after it. Throws as an adapter does when a unique key is taken. */
export function storeAnswer(tables: Tables, call: StoreCall): { answer: unknown; tables: Tables } {
  switch (call.method) {
    case 'insert':
      return insert(tables, call.collection, call.document)
    case 'get':
      return { answer: tables.get(`${call.collection}/${call.id}`), tables }
    case 'find':
      return { answer: found(tables, call.collection, call.filter, call.selection), tables }
    case 'update':
      return update(tables, call)
    case 'remove':
      return { answer: undefined, tables: without(tables, `${call.collection}/${call.id}`) }
    case 'expire':
      return { answer: undefined, tables }
  }
}

function insert(tables: Tables, collection: string, document: Document) {
  const key = `${collection}/${document._id}`
  if (tables.has(key)) return { answer: false, tables }
  return { answer: true, tables: new Map(tables).set(key, document) }
}

function update(
  tables: Tables,
  { collection, id, filter, change }: Extract<StoreCall, { method: 'update' }>,
): { answer: boolean; tables: Tables } {
  const key = `${collection}/${id}`
  const current = tables.get(key)
  if (!current || !meets(current, filter)) return { answer: false, tables }
  const next: Record<string, unknown> & { _id: string } = { ...current, ...change.set, _id: id }
  for (const name of change.unset ?? []) delete next[name]
  for (const [name, by] of Object.entries(change.inc ?? {})) next[name] = Number(next[name] ?? 0) + by
  if (isTaken(tables, key, next.transactionKey)) throw uniqueKeyTaken(new Error('transactionKey'))
  return { answer: true, tables: new Map(tables).set(key, next) }
}

/** The one unique key that there is beside the ids. */
const isTaken = (tables: Tables, own: string, transactionKey: unknown): boolean =>
  transactionKey !== undefined &&
  [...tables].some(([key, document]) => key !== own && document.transactionKey === transactionKey)

function found(tables: Tables, collection: string, filter: Filter, { sort, limit }: Selection): Document[] {
  const all = [...tables]
    .filter(([key, document]) => key.startsWith(`${collection}/`) && meets(document, filter))
    .map(([, document]) => document)
  if (sort !== undefined) all.sort((one, other) => Number(one[sort]) - Number(other[sort]))
  return all.slice(0, limit)
}

const without = (tables: Tables, key: string): Tables => {
  const left = new Map(tables)
  left.delete(key)
  return left
}

const meets = (document: Document, filter: Filter): boolean =>
  Object.entries(filter).every(([name, condition]) => holds(document[name], condition))

function holds(value: unknown, condition: Condition): boolean {
  if (typeof condition !== 'object') return value === condition
  if (typeof value !== 'number') return false
  const { $lt, $lte, $gt } = condition as { $lt?: number; $lte?: number; $gt?: number }
  return (
    ($lt === undefined || value < $lt) &&
    ($lte === undefined || value <= $lte) &&
    ($gt === undefined || value > $gt)
  )
}
