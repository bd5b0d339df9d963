import { storeUnavailable } from '../../errors/index.js'
import { type CollectionKey, collections } from '../collections.js'
import {
  type Condition,
  type Document,
  type Documents,
  type Filter,
  MAX_PAGE,
  uniqueKeyTaken,
} from '../documents.js'
import type { Store } from '../port.js'
import { storeOver } from '../store.js'

/**
 * What is used of `uniCloud.database()` in a cloud function, as documented at
 * https://doc.dcloud.net.cn/uniCloud/cf-database.html. Nested objects in an update are merged unless wrapped in
 * `command.set`; `updated` counts changed documents, so one left as it was counts 0.
 */
export interface UniCloudDatabase {
  readonly command: UniCloudCommand
  collection(name: string): UniCloudCollection
}

export interface UniCloudCommand {
  lt(value: number | string): unknown
  lte(value: number | string): unknown
  gt(value: number | string): unknown
  and(...conditions: unknown[]): unknown
  set(value: object): unknown
  inc(by: number): unknown
  remove(): unknown
}

export interface UniCloudQuery {
  orderBy(field: string, direction: 'asc' | 'desc'): UniCloudQuery
  limit(count: number): UniCloudQuery
  get(): Promise<{ data: unknown[] }>
  update(changes: object): Promise<{ updated: number }>
  remove(): Promise<{ deleted: number }>
}

interface UniCloudCollection {
  add(document: object): Promise<{ id: string }>
  where(conditions: object): UniCloudQuery
}

/**
 * The store in the database of a uniCloud space. Collections and indexes are made when the space is set up (see
 * `collections.ts`): a function cannot, and Tencent's spaces know neither missing collections nor sparse indexes.
 * `takesTextsForIds`: as the edition of the space does (see the port).
 */
export const openUniCloudStore = (database: UniCloudDatabase, takesTextsForIds = true): Store => ({
  ...storeOver(uniCloudDocuments(database)),
  takesTextsForIds,
})

function uniCloudDocuments(database: UniCloudDatabase): Documents {
  const { command } = database
  const collection = (key: CollectionKey) => database.collection(collections[key].name)

  const get = (key: CollectionKey, id: string): Promise<Document | undefined> =>
    guarded(async () => {
      const { data } = await collection(key).where({ _id: id }).limit(1).get()
      return data[0] as Document | undefined
    })

  return {
    get,
    async insert(key, document) {
      try {
        await collection(key).add(document)
        return true
      } catch (error) {
        // Each cloud has a text of its own for a taken key, and not all are known: so the document is looked up.
        if (isDuplicate(error) || (await get(key, document._id))) return false
        throw storeUnavailable(error)
      }
    },
    find: (key, filter, { sort, descending, limit }) =>
      guarded(async () => {
        const query = collection(key).where(conditions(command, filter))
        const sorted = sort === undefined ? query : query.orderBy(sort, descending ? 'desc' : 'asc')
        return (await sorted.limit(Math.min(limit, MAX_PAGE)).get()).data as Document[]
      }),
    update: (key, id, filter, { set = {}, unset = [], inc = {} }) =>
      guarded(async () => {
        const changes = {
          ...mapValues(set, (value) => (isObject(value) ? command.set(value) : value)),
          ...Object.fromEntries(unset.map((field) => [field, command.remove()])),
          ...mapValues(inc, (by) => command.inc(by)),
        }
        const query = collection(key).where({ ...conditions(command, filter), _id: id })
        return (await query.update(changes)).updated > 0
      }),
    remove: (key, id, filter = {}) =>
      guarded(async () => {
        await collection(key)
          .where({ ...conditions(command, filter), _id: id })
          .remove()
      }),
    expire: (key, before, limit) =>
      guarded(async () => {
        const over = { expiresAt: command.lt(before) }
        const { data } = await collection(key).where(over).limit(Math.min(limit, MAX_PAGE)).get()
        const ids = (data as Document[]).map(({ _id }) => _id)
        await Promise.all(
          ids.map((_id) =>
            collection(key)
              .where({ ...over, _id })
              .remove(),
          ),
        )
        return ids.length
      }),
    // The platform owns the connection.
    close: async () => {},
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isDuplicate(error) ? uniqueKeyTaken(error) : storeUnavailable(error)
  }
}

const conditions = (command: UniCloudCommand, filter: Filter) =>
  mapValues(filter, (condition: Condition) => {
    if (typeof condition !== 'object') return condition
    const { $lt, $lte, $gt } = condition
    const bounds = [
      ...($lt === undefined ? [] : [command.lt($lt)]),
      ...($lte === undefined ? [] : [command.lte($lte)]),
      ...($gt === undefined ? [] : [command.gt($gt)]),
    ]
    return bounds.length === 1 ? bounds[0] : command.and(...bounds)
  })

const mapValues = <T>(record: Readonly<Record<string, T>>, map: (value: T) => unknown) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]))

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const isDuplicate = (error: unknown): boolean =>
  /duplicate|E11000/i.test(error instanceof Error ? error.message : String(error))
