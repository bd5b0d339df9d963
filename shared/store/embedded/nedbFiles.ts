import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type Libsql from 'libsql'
import { openapiError, STORE_DAMAGED } from '../../errors/index.js'
import { type CollectionKey, collections } from '../collections.js'
import type { Document } from '../documents.js'
import { rowOf } from './documents.js'

/**
 * Takes over what the embedded store kept until it was SQLite: a text file for each collection, one line of JSON for
 * each write, of which the last about a document counts (https://github.com/seald/nedb). Answers what is to be done
 * once the new file is in its place.
 */
export async function importNedbFiles(
  database: Libsql.Database,
  folder: string,
): Promise<() => Promise<void>> {
  const taken: string[] = []
  database.exec('BEGIN IMMEDIATE')
  for (const key of Object.keys(collections) as CollectionKey[]) {
    const file = join(folder, `${key}.db`)
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text === undefined) continue
    const insert = database.prepare(`INSERT INTO ${key} (id, body, sum) VALUES (?, ?, ?)`)
    for (const document of documentsIn(text, file)) {
      const { id, body, sum } = rowOf(key, document)
      insert.run(id, body, sum)
    }
    taken.push(file)
  }
  database.exec('COMMIT')
  return async () => {
    for (const file of taken) await rename(file, `${file}.imported`)
    if (taken.length > 0) await rm(join(folder, 'lock'), { force: true })
  }
}

/** The documents that a file leaves. A line that a crash cut off was never acknowledged; any other broken one is refused. */
function documentsIn(text: string, file: string): Document[] {
  const documents = new Map<string, Document>()
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) {
    if (line === '') continue
    const record = parsed(line, file)
    if ('$$indexCreated' in record || '$$indexRemoved' in record) continue
    if (typeof record._id !== 'string') throw openapiError(STORE_DAMAGED, { file })
    const { $$deleted: isDeleted, ...document } = record
    if (isDeleted === true) documents.delete(record._id)
    else documents.set(record._id, { ...document, _id: record._id })
  }
  return [...documents.values()]
}

function parsed(line: string, file: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (cause) {
    throw openapiError(STORE_DAMAGED, { file }, { cause })
  }
  throw openapiError(STORE_DAMAGED, { file })
}
