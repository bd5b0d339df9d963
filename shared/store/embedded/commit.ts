import type Libsql from 'libsql'
import { OpenapiError, openapiError, STORE_DAMAGED, storeUnavailable } from '../../errors/index.js'
import { uniqueKeyTaken } from '../documents.js'

/** A process that writes is waited for this long by the others, in milliseconds. */
export const BUSY_MS = 5000

/** How long to wait before asking again for the right to write, in milliseconds. */
const ASK_AGAIN_MS = 3

/** What SQLite says when a unique index already has the key. */
const isTaken = (error: unknown): boolean => /^SQLITE_CONSTRAINT/.test(codeOf(error))

const codeOf = (error: unknown): string => String((error as { code?: unknown } | undefined)?.code)

/** Failures that say nothing about the file: it is busy, full, or not ours to open. */
const ELSEWHERE = /^SQLITE_(?:BUSY|LOCKED|FULL|NOMEM|PERM|READONLY|CANTOPEN)/

/** Why a file did not open, as an error of ours: what is not an outage means that it cannot be read as it is. */
export function openingFailed(error: unknown, file: string): OpenapiError {
  if (error instanceof OpenapiError) return error
  return ELSEWHERE.test(codeOf(error))
    ? storeUnavailable(error)
    : openapiError(STORE_DAMAGED, { file }, { cause: error })
}

/** SQLite's failure as an error of ours: a damaged file is named, everything else is an outage with nothing half-done. */
export function databaseError(error: unknown, file: string): OpenapiError {
  if (error instanceof OpenapiError) return error
  if (isTaken(error)) return uniqueKeyTaken(error)
  return /CORRUPT|NOTADB/.test(codeOf(error))
    ? openapiError(STORE_DAMAGED, { file }, { cause: error })
    : storeUnavailable(error)
}

interface Waiting {
  work(): unknown
  done(result: unknown): void
  failed(error: OpenapiError): void
}

/** Runs writes in transactions of their own or shared ones, in the order in which they came. */
export function committer(database: Libsql.Database, file: string): <T>(work: () => T) => Promise<T> {
  let waiting: Waiting[] = []

  /**
   * SQLite's own waiting sleeps longer each time, and would never meet the short pause that a busy writer makes between
   * two commits; it would also stop this process's event loop. So the right to write is asked for at short intervals.
   */
  const begin = (asked = 0): void => {
    database.pragma('busy_timeout = 0')
    try {
      database.exec('BEGIN IMMEDIATE')
      runAll()
    } catch (error) {
      const isBusy = /^SQLITE_BUSY/.test(codeOf(error))
      if (isBusy && asked * ASK_AGAIN_MS < BUSY_MS) setTimeout(begin, ASK_AGAIN_MS, asked + 1)
      else refuseAll(waiting.splice(0), error)
    } finally {
      database.pragma(`busy_timeout = ${BUSY_MS}`)
    }
  }

  const refuseAll = (batch: Waiting[], error: unknown): void => {
    const refused = databaseError(error, file)
    for (const { failed } of batch) failed(refused)
  }

  /** Never throws: whatever fails is told to those who wait. */
  const runAll = (): void => {
    database.pragma(`busy_timeout = ${BUSY_MS}`)
    const batch = waiting
    waiting = []
    const settle: (() => void)[] = []
    try {
      for (const { work, done, failed } of batch) {
        try {
          const result = work()
          settle.push(() => done(result))
        } catch (error) {
          // A key that is taken undoes its own statement alone; after anything else the transaction is not to be trusted.
          if (!isTaken(error)) throw error
          settle.push(() => failed(databaseError(error, file)))
        }
      }
      database.exec('COMMIT')
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK')
      refuseAll(batch, error)
      return
    }
    for (const each of settle) each()
  }

  return <T>(work: () => T) =>
    new Promise<T>((resolve, reject) => {
      if (waiting.length === 0) setImmediate(begin)
      waiting.push({ work, done: (result) => resolve(result as T), failed: reject })
    })
}
