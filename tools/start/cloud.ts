import { environmentSource, type SettingName, settingInfo } from '../../shared/config/index.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { openMerchant } from '../demo/merchant.js'
import { newEventSecret, USUAL_PROVIDER } from '../demo/stage.js'
import { startLocalCloud } from '../emulator/cloud/index.js'
import { startLocalPlatforms } from '../emulator/platforms/index.js'

export interface LocalCloud {
  cloud: string
  platforms: string
  /** Where the data is, for people. */
  kept: string
  close(): Promise<void>
}

/**
 * Starts everything on fixed ports: the store in `.data/` unless `MONGODB_URI` is set, and a merchant that shows the
 * events it is told. All payment systems are set up; orders that name none are WeChat Pay V3's. Settings found in the
 * environment win over the local platforms', so that real credentials can be tried.
 */
export async function startCloud(ports: { cloud: number; platforms: number }): Promise<LocalCloud> {
  const secret = newEventSecret()
  const merchant = await openMerchant(secret, ({ type, data }) => {
    console.log(`event ${type}: order ${data.outTradeNo}`)
  })
  const platforms = await startLocalPlatforms({ port: ports.platforms, log: (line) => console.log(line) })
  const env: Record<string, string> = {
    // V2 first: its address, with TLS, does for V3 as well.
    ...platforms.settings('weixin-v2', 'weixin-v3', 'alipay'),
    ...{ PAYMENT_PROVIDER: USUAL_PROVIDER, EVENT_TARGET: merchant.url, EVENT_SECRET: secret },
    ...ownSettings(),
  }
  const store = env.MONGODB_URI === undefined ? await openEmbeddedStore('.data') : undefined
  const cloud = await startLocalCloud({
    ...{ port: ports.cloud, dist: 'dist', env, schedules: true },
    ...(store ? { store } : {}),
  })
  return {
    cloud: cloud.url,
    platforms: platforms.url,
    kept: store ? '.data/' : 'in the database of MONGODB_URI',
    async close() {
      await cloud.close()
      await Promise.all([platforms.close(), merchant.close()])
      await store?.close()
    },
  }
}

function ownSettings(): Record<string, string> {
  const { read } = environmentSource()
  return Object.fromEntries(
    (Object.keys(settingInfo) as SettingName[]).flatMap((name) => {
      const value = read(name, settingInfo[name])
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
