import { join } from 'node:path'
import Libsql from 'libsql'
import { type Document, type Documents, MAX_PAGE } from '../../../shared/store/documents.js'
import { rowOf } from '../../../shared/store/embedded/documents.js'
import { openEmbeddedStore, STORE_FILE } from '../../../shared/store/embedded/open.js'
import { collections, openMongoStore } from '../../../shared/store/index.js'
import type { Store } from '../../../shared/store/port.js'
import { storeOver } from '../../../shared/store/store.js'
import { settled } from './minute.js'

/** Stores with settled orders in them, filled beside the store's own port: a million by its port takes hours. */

/** The documents of settled orders, exactly as the store writes them. */
async function* settledDocuments(count: number): AsyncGenerator<Document[]> {
  const written: Document[] = []
  const collecting: Partial<Documents> = {
    async insert(_collection, document) {
      written.push(document)
      return true
    },
  }
  const { orders } = storeOver(collecting as Documents)
  for (let n = 0; n < count; n++) {
    await orders.create(settled(n))
    if (written.length >= MAX_PAGE * 50 || n === count - 1) yield written.splice(0)
  }
}

/** An embedded store in this folder. It is open before it is filled: opening reads the whole file. */
export async function filledFile(folder: string, count: number): Promise<Store> {
  const store = await openEmbeddedStore(folder)
  const database = new Libsql(join(folder, STORE_FILE))
  try {
    database.pragma('synchronous = OFF')
    const indexes = database
      .prepare("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'orders' AND sql LIKE 'CREATE%INDEX%'")
      .all() as { name: string; sql: string }[]
    // Indexes over what is there already are made in a tenth of the time.
    for (const { name } of indexes) database.exec(`DROP INDEX ${name}`)
    const insert = database.prepare('INSERT INTO orders (id, body, sum) VALUES (?, ?, ?)')
    for await (const documents of settledDocuments(count)) {
      database.exec('BEGIN')
      for (const { id, body, sum } of documents.map((document) => rowOf('orders', document))) {
        insert.run(id, body, sum)
      }
      database.exec('COMMIT')
    }
    for (const { sql } of indexes) database.exec(sql)
    database.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
  return store
}

/** A store in a database of this server, which is to be dropped afterwards. */
export async function filledDatabase(uri: string, count: number): Promise<Store> {
  const store = await openMongoStore(uri)
  // Whoever looks first has the indexes made.
  await store.orders.findByOutTradeNo('none')
  const { MongoClient } = await import('mongodb')
  const client = new MongoClient(uri)
  try {
    const handle = client.db().collection<Document>(collections.orders.name)
    for await (const documents of settledDocuments(count)) await handle.insertMany(documents)
  } finally {
    await client.close()
  }
  return store
}

export async function dropDatabase(uri: string): Promise<void> {
  const { MongoClient } = await import('mongodb')
  const client = new MongoClient(uri)
  await client.db().dropDatabase()
  await client.close()
}
