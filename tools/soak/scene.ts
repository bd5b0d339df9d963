import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { openMongoStore, type Store } from '../../shared/store/index.js'
import { cableTo } from '../../test/support/network/cable.js'
import { freePort } from '../../test/support/network/freePort.js'
import { type MovedClock, movedClock } from '../demo/day/movedClock.js'
import { settingsOf } from '../demo/day/world.js'
import { type Merchant, openMerchant } from '../demo/merchant.js'
import { newEventSecret } from '../demo/setup.js'
import { type LocalPlatforms, startLocalPlatforms } from '../emulator/platforms/index.js'
import type { Dice } from './dice.js'
import { type MortalCloud, startMortalCloud } from './mortalCloud.js'
import { type Troubles, troublesFor } from './troubles.js'

/** Everything that lives through a soak. */
export interface Scene {
  clock: MovedClock
  platforms: LocalPlatforms
  cloud: MortalCloud
  merchant: Merchant
  troubles: Troubles
  /** The store from outside, past the cable that is cut. */
  store: Store
  /** Cuts the store off from the functions, or connects it again. */
  cutStore(isCut: boolean): Promise<void>
  /** Who is logged in. */
  sessions: Map<string, { openid: string; sessionToken: string }>
  /** Where the cloud's log is, and the store's file. */
  folder: string
  close(keep: boolean): Promise<void>
}

export interface SceneOptions {
  dist: string
  /** Node's arguments for `cloudProcess.ts`. */
  program: readonly string[]
  dice: Dice
  /** The first moment of the clock, in milliseconds. */
  start: number
  /** The address of a MongoDB-protocol server's own database; absent: the embedded store. */
  mongodb?: string
}

/** Attempts at one event in a row that its receiver lets fail at most: after ten it would be left to people. */
const MOST_REFUSALS = 5

export async function openScene({ dist, program, dice, start, mongodb }: SceneOptions): Promise<Scene> {
  const closers: (() => Promise<void>)[] = []
  const closeAll = async () => {
    for (const each of closers.splice(0).reverse()) await each()
  }
  const folder = await mkdtemp(join(tmpdir(), 'unicloud-openapi-soak-'))
  try {
    const clock = movedClock(start)
    const secret = newEventSecret()
    const refusals = new Map<string, number>()
    const merchant = await openMerchant(secret, {
      clock,
      isUp({ id }) {
        const before = refusals.get(id) ?? 0
        if (before >= MOST_REFUSALS || dice.happens(0.5)) return true
        refusals.set(id, before + 1)
        return false
      },
    })
    closers.push(() => merchant.close())
    const platforms = await startLocalPlatforms({ clock, noticeTimeoutMs: 3000, verification: 'both' })
    closers.push(() => platforms.close())
    const cable = mongodb === undefined ? undefined : await cableTo(addressIn(mongodb))
    if (cable) closers.push(() => cable.close())
    const env: Record<string, string> = settingsOf(platforms, merchant, secret)
    if (mongodb !== undefined && cable) env.MONGODB_URI = throughCable(mongodb, cable.port)
    const cloud = await startMortalCloud({
      ...{ dist, program, clock, env, port: await freePort(), log: join(folder, 'cloud.log') },
      ...(mongodb === undefined ? { folder } : {}),
    })
    closers.push(() => cloud.close())
    const store = await (mongodb === undefined ? openEmbeddedStore(folder) : openMongoStore(mongodb))
    closers.push(() => store.close())
    const cutStore = async (isCut: boolean) => {
      if (!cable) return cloud.cut(isCut)
      if (isCut) cable.cut()
      else cable.mend()
    }
    const troubles = await troublesFor(platforms, dice)
    return {
      ...{ clock, platforms, cloud, merchant, troubles, store, cutStore, folder, sessions: new Map() },
      async close(keep) {
        await closeAll()
        if (!keep) await rm(folder, { recursive: true, force: true })
      },
    }
  } catch (error) {
    await closeAll()
    throw error
  }
}

const addressIn = (uri: string): { host: string; port: number } => {
  const { hostname, port } = new URL(uri)
  return { host: hostname, port: Number(port || 27017) }
}

/** The same database by way of the cable. The driver fails fast, as it is to where the store is down. */
function throughCable(uri: string, port: number): string {
  const url = new URL(uri)
  url.host = `127.0.0.1:${port}`
  url.searchParams.set('directConnection', 'true')
  return url.href
}
