import { open } from 'node:fs/promises'
import { join } from 'node:path'
import Nedb from '@seald-io/nedb'
import { storeUnavailable } from '../../errors/index.js'
import { type CollectionKey, collections, indexesOf } from '../collections.js'
import { type Document, type Documents, inserted, uniqueKeyTaken } from '../documents.js'
import type { Store } from '../port.js'
import { storeOver } from '../store.js'
import { lockFolder } from './folderLock.js'

/** NeDB is a CommonJS module whose types describe it as if it had a default export of its own. */
const Datastore = Nedb as unknown as typeof Nedb.default
type Datastore = Nedb.default<Document>

/**
 * The embedded store, for one process on one machine: the local cloud and the tests. Files under `folder`, which is
 * locked while open (`STORE_IN_USE`), or in memory without one. Never part of a deployed function.
 */
export async function openEmbeddedStore(folder?: string): Promise<Store> {
  const unlock = folder === undefined ? async () => {} : await lockFolder(folder)
  try {
    const stores = new Map<CollectionKey, Datastore>()
    for (const key of Object.keys(collections) as CollectionKey[])
      stores.set(key, await openFile(key, folder))
    return storeOver(nedbDocuments(stores, unlock))
  } catch (error) {
    await unlock()
    throw error
  }
}

async function openFile(key: CollectionKey, folder: string | undefined): Promise<Datastore> {
  const filename = folder === undefined ? undefined : join(folder, `${key}.db`)
  if (filename !== undefined) await cutTornLine(filename)
  const store: Datastore = new Datastore({
    ...(filename === undefined ? { inMemoryOnly: true } : { filename }),
    modes: { fileMode: 0o600, dirMode: 0o700 },
    afterSerialization: escapeLineEnds,
    // JSON reads the escapes by itself; NeDB takes no hook without the other.
    beforeDeserialization: (line) => line,
  })
  await store.loadDatabaseAsync()
  for (const { fields, ...options } of indexesOf(collections[key])) {
    await store.ensureIndexAsync({ fieldName: [...fields], ...options })
  }
  return store
}

/** NeDB ends lines at more characters than JSON escapes, and would read such a record as two broken ones. */
const escapeLineEnds = (line: string): string =>
  line.replace(/[\u0085\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** A process that died while writing left half a line. Its write was never reported as done, and NeDB may refuse the file. */
async function cutTornLine(filename: string): Promise<void> {
  const file = await open(filename, 'r+').catch(() => undefined)
  if (!file) return
  try {
    const bytes = await file.readFile()
    await file.truncate(bytes.lastIndexOf('\n') + 1)
  } finally {
    await file.close()
  }
}

function nedbDocuments(
  stores: ReadonlyMap<CollectionKey, Datastore>,
  unlock: () => Promise<void>,
): Documents {
  let closed = false

  const use = async <T>(key: CollectionKey, work: (store: Datastore) => Promise<T>): Promise<T> => {
    const store = stores.get(key)
    if (closed || !store) throw storeUnavailable(new Error('the embedded store is closed'))
    try {
      return await work(store)
    } catch (error) {
      const { errorType, code } = error as { errorType?: unknown; code?: unknown }
      if (errorType === 'uniqueViolated') throw uniqueKeyTaken(error)
      throw typeof code === 'string' ? storeUnavailable(error) : error
    }
  }

  return {
    insert: (key, document) => inserted(() => use(key, (store) => store.insertAsync(document))),
    get: (key, id) => use(key, async (store) => (await store.findOneAsync({ _id: id })) ?? undefined),
    find: (key, filter, { sort, limit }) =>
      use(key, async (store) => {
        const cursor = store.findAsync(filter)
        return (sort === undefined ? cursor : cursor.sort({ [sort]: 1 })).limit(limit)
      }),
    update: (key, id, filter, { set = {}, unset = [], inc = {} }) =>
      use(key, async (store) => {
        const $unset = Object.fromEntries(unset.map((field) => [field, true]))
        const change = { $set: set, $unset, $inc: inc }
        return (await store.updateAsync({ ...filter, _id: id }, change, {})).numAffected === 1
      }),
    remove: (key, id) =>
      use(key, async (store) => {
        await store.removeAsync({ _id: id }, {})
      }),
    expire: (key, before) =>
      use(key, async (store) => {
        await store.removeAsync({ expiresAt: { $lt: before } }, { multi: true })
      }),
    async close() {
      if (closed) return
      closed = true
      // Compacting waits in each file's queue behind whatever is still being written.
      await Promise.all([...stores.values()].map((store) => store.compactDatafileAsync()))
      await unlock()
    },
  }
}
