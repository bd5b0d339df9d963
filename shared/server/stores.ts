import type { Settings } from '../config/index.js'
import { invalidParam, NO_DATABASE, openapiError, STORE_LIBRARY_MISSING } from '../errors/index.js'
import { openMongoStore } from '../store/index.js'
import type { Store } from '../store/port.js'

/**
 * A store in one file below `folder`, for one machine; several processes may have it open at once. Without a folder it
 * lies in memory and ends with the process. Stands on the package `libsql`, which is the program's own to install.
 * Rejects with STORE_DAMAGED for a file that was cut or changed by something else.
 */
export async function openEmbeddedStore(folder?: string): Promise<Store> {
  if (folder !== undefined && (typeof folder !== 'string' || folder === '')) {
    throw invalidParam('folder', 'expected the path of a folder, such as .data')
  }
  const { openEmbeddedStore: open } = await import('../store/embedded/open.js').catch((cause: unknown) => {
    throw openapiError(STORE_LIBRARY_MISSING, {}, { cause })
  })
  return open(folder)
}

/** The store that `MONGODB_URI` names. MISSING_SETTING without it: nobody's orders are kept in memory by mistake. */
export async function openNamedStore(settings: Settings): Promise<Store> {
  const uri = settings.get('MONGODB_URI')
  if (uri === undefined) throw openapiError(NO_DATABASE)
  return openMongoStore(uri)
}
