import { statSync } from 'node:fs'
import { chmod, link, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Libsql from 'libsql'
import { openapiError, STORE_DAMAGED, STORE_TOO_NEW } from '../../errors/index.js'
import { type CollectionKey, collections, indexesOf } from '../collections.js'
import type { Store } from '../port.js'
import { storeOver } from '../store.js'
import { BUSY_MS, openingFailed } from './commit.js'
import { checksum, embeddedDocuments, fieldSql } from './documents.js'
import { importNedbFiles } from './nedbFiles.js'

/** The one file of the store, in its folder. */
export const STORE_FILE = 'openapi.sqlite'

/** `uopn`, so that another program's database is not taken for ours. */
const APPLICATION_ID = 0x756f706e

/** Counts the changes of the file's layout that an older program could not read. */
const LAYOUT = 1

/** Up to this size, in bytes, every record is checked when the store opens: it takes less than a second. */
const CHECKED_WHOLE = 64 * 1024 * 1024

const keys = Object.keys(collections) as CollectionKey[]

/**
 * The embedded store, on one machine: the local cloud, one's own server, the tests. One SQLite file under `folder`,
 * which several processes may have open at once, or in memory without a folder. Never part of a deployed function.
 *
 * What was acknowledged is on the disk. A file that was cut, emptied, zeroed or changed by anything else is refused
 * with `STORE_DAMAGED`, when it is opened or when the record is read. Files of the store before this one, which was
 * NeDB, are taken over once and kept beside it as `*.db.imported`.
 */
export async function openEmbeddedStore(folder?: string): Promise<Store> {
  if (folder === undefined) {
    const database = new Libsql(':memory:')
    prepareCollections(database)
    return storeOver(embeddedDocuments(database, 'memory'))
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const file = join(folder, STORE_FILE)
  if (!(await stat(file).catch(() => undefined))) await createFile(folder, file)
  return storeOver(embeddedDocuments(await openFile(file), file))
}

/**
 * Makes the file under another name and links it when it is whole: a process that dies here, or another one that was
 * faster, leaves no half-made store behind.
 */
async function createFile(folder: string, file: string): Promise<void> {
  const made = `${file}.${process.pid}.new`
  await rm(made, { force: true })
  await writeFile(made, '', { mode: 0o600 })
  const database = new Libsql(made)
  try {
    database.pragma('synchronous = FULL')
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${LAYOUT}`)
    prepareCollections(database)
    const finish = await importNedbFiles(database, folder)
    database.close()
    await link(made, file).catch((error: { code?: string }) => {
      if (error.code !== 'EEXIST') throw error
    })
    await finish()
  } finally {
    if (database.open) database.close()
    await rm(made, { force: true })
  }
}

async function openFile(file: string): Promise<Libsql.Database> {
  const { size } = await stat(file)
  // SQLite takes an empty file for a new database: without a word, everything would be gone.
  if (size === 0) throw openapiError(STORE_DAMAGED, { file })
  let database: Libsql.Database | undefined
  try {
    database = new Libsql(file)
    database.pragma(`busy_timeout = ${BUSY_MS}`)
    database.pragma('synchronous = FULL')
    // SQLite ends a damaged log where the damage begins, and says nothing. So nothing acknowledged is left in it alone:
    // every commit is copied into the file at once, as is here what a killed process left.
    database.pragma('journal_mode = WAL')
    database.pragma('wal_autocheckpoint = 1')
    checkFile(database, file)
    prepareCollections(database)
    return database
  } catch (error) {
    database?.close()
    throw openingFailed(error, file)
  }
}

function checkFile(database: Libsql.Database, file: string): void {
  const { size } = statSync(file)
  const answerTo = (pragma: string): unknown => fieldOf(database.prepare(`PRAGMA ${pragma}`).get(), pragma)
  if (answerTo('application_id') !== APPLICATION_ID) throw openapiError(STORE_DAMAGED, { file })
  if (Number(answerTo('user_version')) > LAYOUT) throw openapiError(STORE_TOO_NEW, { file })
  // SQLite reads a page that ends early as if zeros followed. Another process may be adding pages at this moment.
  const pages = Number(answerTo('page_count')) * Number(answerTo('page_size'))
  if (isLogCopied(database) && statSync(file).size < pages) throw openapiError(STORE_DAMAGED, { file })
  if (answerTo('integrity_check') !== 'ok') throw openapiError(STORE_DAMAGED, { file })
  if (size > CHECKED_WHOLE) return
  for (const key of tablesOf(database)) {
    for (const row of database.prepare(`SELECT id, body, sum FROM ${key}`).iterate()) {
      const { id, body, sum } = row as { id: string; body: string; sum: string }
      if (sum !== checksum(key, id, body)) throw openapiError(STORE_DAMAGED, { file })
    }
  }
}

/** Whether all of the log is in the file now. On a full disk it is not, and what is in the log is read from there. */
function isLogCopied(database: Libsql.Database): boolean {
  try {
    return fieldOf(database.prepare('PRAGMA wal_checkpoint(FULL)').get(), 'busy') === 0
  } catch (error) {
    if ((error as { code?: unknown }).code === 'SQLITE_FULL') return false
    throw error
  }
}

const fieldOf = (row: unknown, name: string): unknown => (row as Record<string, unknown> | undefined)?.[name]

function tablesOf(database: Libsql.Database): CollectionKey[] {
  const rows = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all()
  const names = new Set(rows.map((row) => fieldOf(row, 'name')))
  return keys.filter((key) => names.has(key))
}

/** Tables and indexes as they are declared. Those that are there stay as they are. */
function prepareCollections(database: Libsql.Database): void {
  for (const key of keys) {
    database.exec(
      `CREATE TABLE IF NOT EXISTS ${key} (id TEXT PRIMARY KEY NOT NULL, body TEXT NOT NULL, sum TEXT NOT NULL) WITHOUT ROWID`,
    )
    for (const { fields, unique } of indexesOf(collections[key])) {
      const name = `${key}_${fields.join('_')}`
      const kind = unique ? 'UNIQUE INDEX' : 'INDEX'
      database.exec(`CREATE ${kind} IF NOT EXISTS ${name} ON ${key} (${fields.map(fieldSql).join(', ')})`)
    }
  }
}
