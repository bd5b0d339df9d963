import { invalidParam } from '../errors/index.js'
import type { Store, UniCloudDatabase } from '../store/index.js'
import * as stores from '../store/index.js'
import { callWithOptionNames } from './instance.js'

/**
 * The store in a MongoDB, or a service that speaks its protocol; the database is the one `uri` names. One client per
 * process and URI, however many ask. Rejects with STORE_UNAVAILABLE, or INVALID_SETTING when `uri` cannot be read.
 */
export function openMongoStore(uri: string): Promise<Store> {
  return callWithOptionNames({ names: { MONGODB_URI: 'uri' } }, async () => {
    if (typeof uri !== 'string') {
      throw invalidParam('uri', 'expected a text, such as mongodb://user:password@host:27017/database')
    }
    return stores.openMongoStore(uri)
  })
}

/** The store in uniCloud's own database, which is what `uniCloud.database()` answers. INVALID_PARAM for anything else. */
export function openUniCloudStore(database: UniCloudDatabase): Store {
  const { command } = (database ?? {}) as Partial<UniCloudDatabase>
  if (command === undefined) throw invalidParam('database', 'expected what uniCloud.database() answers')
  return stores.openUniCloudStore(database)
}
