import {
  hasCode,
  type OpenapiError,
  openapiError,
  storeUnavailable,
  UNIQUE_KEY_TAKEN,
} from '../errors/index.js'
import type { CollectionKey } from './collections.js'

/** JSON values only: no dates, no bytes, no `undefined`, no dots or dollar signs in keys. */
export interface Document {
  readonly _id: string
  readonly [field: string]: unknown
}

/** What a field lies between; texts are compared byte by byte. */
export interface Range {
  readonly $lt?: number | string
  readonly $lte?: number | string
  readonly $gt?: number | string
}

export type Condition = string | number | Range

/** Every condition holds. A document without the field meets none. */
export type Filter = Readonly<Record<string, Condition>>

/**
 * A change of one document. It must really change something: uniCloud answers an update that leaves the document as
 * it was as if nothing had matched.
 */
export interface Change {
  readonly set?: Readonly<Record<string, unknown>>
  readonly unset?: readonly string[]
  readonly inc?: Readonly<Record<string, number>>
}

export interface Selection {
  /** Ascending by this field. */
  sort?: string
  /** By that field, and the largest first. */
  descending?: true
  limit: number
}

/** More documents than this are not asked for at once: the smallest default page of the databases in use. */
export const MAX_PAGE = 100

/**
 * What an adapter implements: the least that MongoDB, uniCloud's database and the embedded store do alike. Each method
 * but `find` and `expire` touches one document, atomically.
 */
export interface Documents {
  /** False when the `_id` or another unique key is taken. */
  insert(collection: CollectionKey, document: Document): Promise<boolean>
  get(collection: CollectionKey, id: string): Promise<Document | undefined>
  find(collection: CollectionKey, filter: Filter, selection: Selection): Promise<Document[]>
  /** Changes the document if it is there and meets the filter. Rejects with {@link uniqueKeyTaken}. */
  update(collection: CollectionKey, id: string, filter: Filter, change: Change): Promise<boolean>
  /** Removes the document if it is there and meets the filter. */
  remove(collection: CollectionKey, id: string, filter?: Filter): Promise<void>
  /**
   * Forgets at most `limit` of what expired before `before` (ms), and answers how many it were. Nothing to do where the
   * database forgets by itself.
   */
  expire(collection: CollectionKey, before: number, limit: number): Promise<number>
  close(): Promise<void>
}

/** A change would give a document a unique key that another one has. */
export const uniqueKeyTaken = (cause: unknown): OpenapiError => openapiError(UNIQUE_KEY_TAKEN, {}, { cause })

/** Runs an adapter's insert: a key that is taken is an answer there, not a failure. */
export async function inserted(insert: () => Promise<unknown>): Promise<boolean> {
  try {
    await insert()
    return true
  } catch (error) {
    if (hasCode(error, 'UNIQUE_KEY_TAKEN')) return false
    throw error
  }
}

/** What is written of a value: its JSON, so that `undefined` never becomes null in a database. */
export const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** Writes the document whether or not it was there before; of the document before, fields not named here stay. */
export async function put(
  documents: Documents,
  collection: CollectionKey,
  document: Document,
): Promise<void> {
  const { _id, ...set } = plain(document)
  if (await documents.insert(collection, { _id, ...set })) return
  await documents.update(collection, _id, {}, { set })
}

/** A write is lost because somebody else got on, so a few rounds are the most that is ever seen. */
const ROUNDS = 50

/** What one attempt came to: its result, or that the document had changed since it was read. */
export type Attempt<Result> = { result: Result } | 'lost'

/**
 * Repeats read, decide, conditional write until the write is not lost to somebody faster. `attempt` reads the document
 * anew each time, and decides anew.
 * Throws STORE_UNAVAILABLE when it never gets through.
 */
export async function retryOnConflict<Result>(attempt: () => Promise<Attempt<Result>>): Promise<Result> {
  for (let round = 0; round < ROUNDS; round++) {
    const outcome = await attempt()
    if (outcome !== 'lost') return outcome.result
  }
  throw storeUnavailable(new Error('a document is rewritten faster than this process can'))
}
