import type { MongoClient } from 'mongodb'
import { invalidSetting } from '../../config/index.js'
import type { Store } from '../port.js'
import { storeOver } from '../store.js'
import { guarded, mongoDocuments } from './documents.js'

/** A notice must be answered within 4 s, so a database that is away has to be known as such before. */
const CONNECT_MS = 3000
const SOCKET_MS = 10_000

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
  const client = clientOf(uri, MongoClient)
  return guarded(() => client.connect())
}

function clientOf(uri: string, Client: typeof MongoClient): MongoClient {
  try {
    return new Client(uri, {
      serverSelectionTimeoutMS: CONNECT_MS,
      connectTimeoutMS: CONNECT_MS,
      waitQueueTimeoutMS: CONNECT_MS,
      socketTimeoutMS: SOCKET_MS,
      // A provider is told 'success' once its notice is durable: a write that a failover could undo is not.
      writeConcern: { w: 'majority' },
    })
  } catch (error) {
    throw invalidSetting('MONGODB_URI', 'it cannot be read as a MongoDB address', error)
  }
}
