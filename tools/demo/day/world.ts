import { currentHost } from '../../../shared/runtime/host.js'
import { openEmbeddedStore } from '../../../shared/store/embedded/open.js'
import type { Store } from '../../../shared/store/port.js'
import { type LocalCloud, startLocalCloud } from '../../emulator/cloud/index.js'
import { type LocalPlatforms, startLocalPlatforms } from '../../emulator/platforms/index.js'
import { type Fields, succeeded } from '../calls.js'
import { type Merchant, openMerchant } from '../merchant.js'
import { type MiniProgram, openMiniProgram } from '../miniProgram.js'
import { newEventSecret, USUAL_PROVIDER } from '../setup.js'
import { type MovedClock, movedClock } from './movedClock.js'

/** One merchant with three payment systems, on a clock that is moved by hand. */
export interface DayWorld {
  clock: MovedClock
  store: Store
  platforms: LocalPlatforms
  cloud: LocalCloud
  merchant: Merchant
  /** A phone in each wallet. */
  phones: Readonly<Record<'weixin' | 'alipay', MiniProgram>>
  /** As the merchant's own functions call these. Rejects with what the answer says went wrong. */
  serve(name: string, data: object): Promise<Fields>
  lines: readonly string[]
  close(): Promise<void>
}

/** The settings of a merchant with all three payment systems, who is told of events. */
export const settingsOf = (platforms: LocalPlatforms, merchant: Merchant, secret: string) => ({
  ...platforms.settings('weixin-v2', 'weixin-v3', 'alipay'),
  ...{ PAYMENT_PROVIDER: USUAL_PROVIDER, EVENT_TARGET: merchant.url, EVENT_SECRET: secret },
})

/**
 * Sets everything up, in memory. `dist`: the built functions; `start`: the clock's first moment, in milliseconds. WeChat Pay V3 and Alipay are verified by certificates, so that these can be exchanged.
 */
export async function openDay(dist: string, start: number): Promise<DayWorld> {
  const lines: string[] = []
  const closers: (() => Promise<void>)[] = []
  const close = async () => {
    for (const each of closers.splice(0).reverse()) await each()
  }
  try {
    const clock = movedClock(start)
    const store = await openEmbeddedStore()
    closers.push(() => store.close())
    const secret = newEventSecret()
    const merchant = await openMerchant(secret, { clock })
    closers.push(() => merchant.close())
    const platforms = await startLocalPlatforms({
      ...{ clock, verification: 'certificates', alipay: { verification: 'certificates' } },
    })
    closers.push(() => platforms.close())
    const env = settingsOf(platforms, merchant, secret)
    const cloud = await startLocalCloud({ dist, env, store, clock, log: (line) => lines.push(line) })
    closers.push(() => cloud.close())
    const phoneOn = (platform: 'mp-weixin' | 'mp-alipay') =>
      openMiniProgram({ endpoint: cloud.url, platform, clock })
    const phones = { weixin: phoneOn('mp-weixin'), alipay: phoneOn('mp-alipay') }
    const serve = async (name: string, data: object) =>
      succeeded(await currentHost().callFunction?.(name, data))
    return { clock, store, platforms, cloud, merchant, phones, serve, lines, close }
  } catch (error) {
    await close()
    throw error
  }
}
