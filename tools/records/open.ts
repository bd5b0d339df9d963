import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, systemClock, systemRandom } from '../../shared/clock.js'
import type { Settings } from '../../shared/config/index.js'
import { http } from '../../shared/http/http.js'
import type { Context } from '../../shared/operation/index.js'
import { openEmbeddedStore, STORE_FILE } from '../../shared/store/embedded/open.js'
import { openMongoStore } from '../../shared/store/index.js'
import type { Store } from '../../shared/store/port.js'

/** What the commands that read and change what is kept have in common. */

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

/** Milliseconds. Throws when it is no time. */
export function timeIn(text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text)
  if (Number.isNaN(time)) throw new Error(`--since ${text} is no time; such as 2026-01-31T12:00:00+08:00`)
  return time
}

/** A context like a timer's: the events that come of it are stored, and delivered by the timer. */
export const contextOver = (settings: Settings, store: Store, clock: Clock = systemClock): Context => ({
  ...{ source: 'timer', settings, store: async () => store, hasStore: true },
  ...{ http, clock, random: systemRandom, requestId: 'records' },
  timeLeft: () => PATIENCE_MS,
  ...{ note: () => undefined, upstream: () => undefined },
})

const BAR = 30

/** On a terminal a bar that fills; in a log nothing. */
export function progressOn(stream: NodeJS.WriteStream, all: number) {
  const isShown = stream.isTTY && all > 1
  return {
    step(done: number) {
      const full = Math.round((BAR * done) / all)
      if (isShown) stream.write(`\r[${'='.repeat(full)}${' '.repeat(BAR - full)}] ${done}/${all}`)
    },
    end() {
      if (isShown) stream.write('\r\u001b[K')
    },
  }
}
