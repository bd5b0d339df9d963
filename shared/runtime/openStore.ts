import type { Settings } from '../config/index.js'
import { NO_DATABASE, openapiError } from '../errors/index.js'
import type { Store, UniCloudDatabase } from '../store/index.js'

interface UniCloudGlobal {
  database?(): UniCloudDatabase
}

/** The deployment's store: MongoDB where its URI is set, else uniCloud's own database where there is one. */
export async function openStore(settings: Settings): Promise<Store> {
  const uri = settings.get('MONGODB_URI')
  const { openMongoStore, openUniCloudStore } = await import('../store/index.js')
  if (uri !== undefined) return openMongoStore(uri)
  const { uniCloud } = globalThis as { uniCloud?: UniCloudGlobal }
  if (typeof uniCloud?.database === 'function') return openUniCloudStore(uniCloud.database())
  throw openapiError(NO_DATABASE)
}
