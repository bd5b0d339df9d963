import type { Collection as Handle, MongoClient, UpdateFilter } from 'mongodb'
import { storeUnavailable } from '../../errors/index.js'
import {
  type Collection,
  type CollectionKey,
  collections,
  EXPIRY_GRACE_MS,
  indexesOf,
} from '../collections.js'
import { type Change, type Document, type Documents, inserted, uniqueKeyTaken } from '../documents.js'
import type { Store } from '../port.js'
import { storeOver } from '../store.js'
import { clientAt } from './address.js'

/** A notice must be answered within 4 s, so a database that is away has to be known as such before. */
const CONNECT_MS = 2500
const SOCKET_MS = 10_000

/**
 * How often the driver looks whether the server is there. After a connection that broke it may wait for the next look,
 * which is ten seconds by default: a database that is back for seconds would still be told as down.
 */
const HEARTBEAT_MS = 1000

const opened = new Map<string, Promise<Store>>()

/**
 * The store in a MongoDB, or a service that speaks its protocol; the database is the one `uri` names. One client per
 * process and URI, however many ask; a connection that failed is tried again by the next who asks. Rejects with
 * `STORE_UNAVAILABLE`, or `INVALID_SETTING` when `uri` cannot be read.
 */
export function openMongoStore(uri: string): Promise<Store> {
  const known = opened.get(uri)
  if (known) return known
  const forget = () => void opened.delete(uri)
  const opening = connect(uri).then((client) => storeOver(mongoDocuments(client, forget)))
  opened.set(uri, opening)
  opening.catch(forget)
  return opening
}

async function connect(uri: string): Promise<MongoClient> {
  const { MongoClient } = await import('mongodb')
  const client = clientAt(uri, MongoClient, {
    serverSelectionTimeoutMS: CONNECT_MS,
    connectTimeoutMS: CONNECT_MS,
    waitQueueTimeoutMS: CONNECT_MS,
    socketTimeoutMS: SOCKET_MS,
    heartbeatFrequencyMS: HEARTBEAT_MS,
    // A provider is answered 'success' once its notice is durable: a write that a failover could undo is not.
    writeConcern: { w: 'majority' },
  })
  try {
    return await client.connect()
  } catch (error) {
    // Not all that goes wrong here is an error of the driver's: a name server's refusal is passed on bare.
    throw storeUnavailable(error)
  }
}

const DUPLICATE_KEY = 11000

/** A document as MongoDB keeps it: its TTL indexes want a date, which no other database here needs. */
type StoredDocument = Document & { expiresOn?: Date }

interface Ready {
  handle: Handle<StoredDocument>
  /** Whether the server forgets expired documents by itself. */
  forgets: boolean
}

/** The adapter over a connected client; `onClose` runs when the store is closed. */
export function mongoDocuments(client: MongoClient, onClose: () => void): Documents {
  const ready = new Map<CollectionKey, Promise<Ready>>()

  /** A collection's indexes are ensured when this process first uses it, so that a function pays for its own alone. */
  const use = <T>(key: CollectionKey, work: (ready: Ready) => Promise<T>): Promise<T> =>
    guarded(async () => {
      const known =
        ready.get(key) ??
        prepare(client.db().collection<StoredDocument>(collections[key].name), collections[key])
      ready.set(key, known)
      known.catch(() => ready.delete(key))
      return work(await known)
    })

  return {
    insert: (key, document) =>
      inserted(() => use(key, ({ handle }) => handle.insertOne(dated(key, document)))),
    get: (key, id) =>
      use(key, async ({ handle }) => {
        const stored = await handle.findOne({ _id: id })
        return stored ? undated(stored) : undefined
      }),
    find: (key, filter, { sort, descending, limit }) =>
      use(key, async ({ handle }) => {
        const order = sort === undefined ? {} : { sort: { [sort]: descending ? -1 : 1 } as const }
        return (await handle.find(filter, { limit, ...order }).toArray()).map(undated)
      }),
    update: (key, id, filter, change) =>
      use(key, async ({ handle }) => {
        const { matchedCount } = await handle.updateOne({ ...filter, _id: id }, operators(key, change))
        return matchedCount === 1
      }),
    remove: (key, id, filter = {}) =>
      use(key, async ({ handle }) => {
        await handle.deleteOne({ ...filter, _id: id })
      }),
    expire: (key, before, limit) =>
      use(key, async ({ handle, forgets }) => {
        if (forgets) return 0
        const over = { expiresAt: { $lt: before } }
        const found = await handle.find(over, { limit, projection: { _id: 1 } }).toArray()
        for (const { _id } of found) await handle.deleteOne({ ...over, _id })
        return found.length
      }),
    async close() {
      onClose()
      await client.close()
    },
  }
}

async function prepare(handle: Handle<StoredDocument>, declared: Collection): Promise<Ready> {
  const forgets = declared.expires === true && (await letServerForget(handle))
  const wanted = forgets ? declared.indexes : indexesOf(declared)
  if (wanted.length > 0) {
    const keyed = wanted.map(({ fields, ...options }) => ({
      key: Object.fromEntries(fields.map((field) => [field, 1 as const])),
      ...options,
    }))
    await handle.createIndexes(keyed)
  }
  return { handle, forgets }
}

/** Runs `work`; what the driver throws becomes an error of ours. */
export async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if ((error as { code?: unknown }).code === DUPLICATE_KEY) throw uniqueKeyTaken(error)
    throw error instanceof Error && error.name.startsWith('Mongo') ? storeUnavailable(error) : error
  }
}

/** Not every service that speaks the protocol has TTL indexes; where they are refused we sweep. */
async function letServerForget(handle: Handle<StoredDocument>): Promise<boolean> {
  try {
    await handle.createIndex({ expiresOn: 1 }, { expireAfterSeconds: EXPIRY_GRACE_MS / 1000 })
    return true
  } catch (error) {
    if ((error as Error).name === 'MongoServerError') return false
    throw error
  }
}

function dated<Fields extends Readonly<Record<string, unknown>>>(key: CollectionKey, fields: Fields) {
  const { expires }: Collection = collections[key]
  const { expiresAt } = fields
  return expires && typeof expiresAt === 'number' ? { ...fields, expiresOn: new Date(expiresAt) } : fields
}

function undated({ expiresOn, ...document }: StoredDocument): Document {
  return document
}

function operators(
  key: CollectionKey,
  { set = {}, unset = [], inc = {} }: Change,
): UpdateFilter<StoredDocument> {
  const used = {
    ...(Object.keys(set).length > 0 ? { $set: dated(key, set) } : {}),
    ...(unset.length > 0 ? { $unset: Object.fromEntries(unset.map((field) => [field, 1 as const])) } : {}),
    ...(Object.keys(inc).length > 0 ? { $inc: inc } : {}),
  }
  return used as UpdateFilter<StoredDocument>
}
