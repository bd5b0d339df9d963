import type Libsql from 'libsql'
import { sha256Hex } from '../../crypto/digest.js'
import { openapiError, STORE_DAMAGED, storeUnavailable } from '../../errors/index.js'
import type { CollectionKey } from '../collections.js'
import { type Change, type Document, type Documents, type Filter, inserted } from '../documents.js'
import { committer, databaseError } from './commit.js'

/** A row: the document as JSON, and what proves that nothing changed it since. */
interface Row {
  id: string
  body: string
  sum: string
}

/** A field of the stored JSON in SQL. Indexes are made over the same words, or they would not be used. */
export const fieldSql = (name: string): string => {
  if (name === '_id') return 'id'
  // Names come from our own code; this keeps a name that is none from ever becoming SQL.
  if (!/^\w+$/.test(name)) throw new Error(`${name} is no field that can be asked for`)
  return `json_extract(body, '$.${name}')`
}

/** SQLite checks its pages' structure, not what is in them: a flipped bit in a text is found by this alone. */
export const checksum = (key: string, id: string, body: string): string =>
  sha256Hex(`${key}\n${id}\n${body}`).slice(0, 32)

/** The document in a row. Rejects with `STORE_DAMAGED` where the row is not what was written. */
function documentOf(key: CollectionKey, file: string, { id, body, sum }: Row): Document {
  if (sum !== checksum(key, id, body)) throw openapiError(STORE_DAMAGED, { file })
  return { ...(JSON.parse(body) as object), _id: id }
}

export function rowOf(key: CollectionKey, { _id, ...fields }: Document): Row {
  const body = JSON.stringify(fields)
  return { id: _id, body, sum: checksum(key, _id, body) }
}

const OPERATORS = { $lt: '<', $lte: '<=', $gt: '>' } as const

/** The filter in SQL, and its values in order. A document without the field meets no condition, as null meets none. */
function where(filter: Filter): { sql: string; values: (string | number)[] } {
  const terms = Object.entries(filter).flatMap(([name, condition]) =>
    typeof condition === 'object'
      ? Object.entries(condition).map(([operator, value]: [string, string | number]) => ({
          sql: `${fieldSql(name)} ${OPERATORS[operator as keyof typeof OPERATORS]} ?`,
          value,
        }))
      : [{ sql: `${fieldSql(name)} = ?`, value: condition }],
  )
  return {
    sql: terms.length === 0 ? '' : ` WHERE ${terms.map(({ sql }) => sql).join(' AND ')}`,
    values: terms.map(({ value }) => value),
  }
}

/** Whether a document that was read meets the filter, by the rules that {@link where} says to the database. */
function meets(document: Document, filter: Filter): boolean {
  return Object.entries(filter).every(([name, condition]) => {
    const value = document[name]
    if (typeof condition !== 'object') return value === condition
    return Object.entries(condition).every(([operator, limit]: [string, number | string]) => {
      if ((typeof value !== 'number' && typeof value !== 'string') || typeof value !== typeof limit)
        return false
      if (operator === '$lt') return value < limit
      return operator === '$lte' ? value <= limit : value > limit
    })
  })
}

function changed(document: Document, { set = {}, unset = [], inc = {} }: Change): Document {
  const next: Record<string, unknown> & { _id: string } = { ...document, ...set, _id: document._id }
  for (const name of unset) delete next[name]
  for (const [name, by] of Object.entries(inc)) next[name] = Number(next[name] ?? 0) + by
  return next
}

/**
 * The embedded adapter. Writes that arrive in the same turn of the event loop share one transaction: a commit waits
 * for the disk, whatever is in it. Each is answered after the commit, so what was acknowledged is on the disk; where
 * the commit fails, all of them are refused and nothing of them is kept.
 */
export function embeddedDocuments(database: Libsql.Database, file: string): Documents {
  const statements = new Map<string, Libsql.Statement>()
  const prepare = (sql: string): Libsql.Statement => {
    const known = statements.get(sql) ?? database.prepare(sql)
    statements.set(sql, known)
    return known
  }
  const commit = committer(database, file)
  let closed = false

  const open = (): void => {
    if (closed) throw storeUnavailable(new Error('the embedded store is closed'))
  }
  const read = <T>(work: () => T): T => {
    open()
    try {
      return work()
    } catch (error) {
      throw databaseError(error, file)
    }
  }
  const write = async <T>(work: () => T): Promise<T> => {
    open()
    return commit(work)
  }
  const rowAt = (key: CollectionKey, id: string): Document | undefined => {
    const row = prepare(`SELECT id, body, sum FROM ${key} WHERE id = ?`).get(id) as Row | undefined
    return row && documentOf(key, file, row)
  }

  return {
    insert: (key, document) =>
      inserted(() =>
        write(() => {
          const { id, body, sum } = rowOf(key, document)
          prepare(`INSERT INTO ${key} (id, body, sum) VALUES (?, ?, ?)`).run(id, body, sum)
        }),
      ),
    get: async (key, id) => read(() => rowAt(key, id)),
    find: async (key, filter, { sort, descending, limit }) =>
      read(() => {
        const { sql, values } = where(filter)
        const direction = descending ? ' DESC' : ''
        const order = sort === undefined ? '' : ` ORDER BY ${fieldSql(sort)}${direction}`
        const rows = prepare(`SELECT id, body, sum FROM ${key}${sql}${order} LIMIT ?`).all(...values, limit)
        return (rows as Row[]).map((row) => documentOf(key, file, row))
      }),
    update: (key, id, filter, change) =>
      write(() => {
        const current = rowAt(key, id)
        if (!current || !meets(current, filter)) return false
        const { body, sum } = rowOf(key, changed(current, change))
        prepare(`UPDATE ${key} SET body = ?, sum = ? WHERE id = ?`).run(body, sum, id)
        return true
      }),
    remove: (key, id, filter) =>
      write(() => {
        const current = filter && rowAt(key, id)
        if (filter && (!current || !meets(current, filter))) return
        prepare(`DELETE FROM ${key} WHERE id = ?`).run(id)
      }),
    expire: (key, before, limit) =>
      write(() => {
        const over = `SELECT id FROM ${key} WHERE ${fieldSql('expiresAt')} < ? LIMIT ?`
        return prepare(`DELETE FROM ${key} WHERE id IN (${over})`).run(before, limit).changes
      }),
    async close() {
      if (closed) return
      closed = true
      // Whatever was begun is in a commit that this one waits behind.
      await commit(() => {})
      database.close()
    },
  }
}
