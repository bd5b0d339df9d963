import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, systemClock, systemRandom } from '../../shared/clock.js'
import type { Settings } from '../../shared/config/index.js'
import { http } from '../../shared/http/http.js'
import type { Context } from '../../shared/operation/index.js'
import { openEmbeddedStore, STORE_FILE } from '../../shared/store/embedded/open.js'
import { openMongoStore } from '../../shared/store/index.js'
import type { Store } from '../../shared/store/port.js'

/** What the commands that work on the records of a deployment have in common. */

/** One notice may take this long, with what its provider is asked, in milliseconds. */
const PATIENCE_MS = 60_000

/** The database of MONGODB_URI, else the embedded store in a folder. Throws where there is none. */
export async function openRecords(settings: Settings, folder: string): Promise<Store> {
  const uri = settings.get('MONGODB_URI')
  if (uri !== undefined) return openMongoStore(uri)
  if (existsSync(join(folder, STORE_FILE))) return openEmbeddedStore(folder)
  throw new Error(
    `MONGODB_URI is not set, and ${folder} holds no store of the local cloud: name one with --data`,
  )
}

/** A context like a timer's: the events that come of it are stored, and delivered by the timer. */
export const contextOver = (settings: Settings, store: Store, clock: Clock = systemClock): Context => ({
  ...{ source: 'timer', settings, store: async () => store, hasStore: true },
  ...{ http, clock, random: systemRandom, requestId: 'records' },
  timeLeft: () => PATIENCE_MS,
  ...{ note: () => undefined, upstream: () => undefined },
})
