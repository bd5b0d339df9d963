import { environmentSource, type SettingName, settingInfo } from '../../shared/config/index.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { openMerchant } from '../demo/merchant.js'
import { newEventSecret, USUAL_PROVIDER } from '../demo/stage.js'
import { startGateway } from '../emulator/cloud/index.js'
import { startTwin } from '../emulator/platforms/index.js'

export interface LocalCloud {
  gateway: string
  twin: string
  /** Where the data is, for people. */
  kept: string
  close(): Promise<void>
}

/**
 * Starts everything on fixed ports: the store in `.data/` unless `MONGODB_URI` is set, and a merchant that shows the
 * events it is told. All payment systems are set up; orders that name none are WeChat Pay V3's. Settings found in the
 * environment win over the twin's, so that real credentials can be tried.
 */
export async function startCloud(ports: { gateway: number; twin: number }): Promise<LocalCloud> {
  const secret = newEventSecret()
  const merchant = await openMerchant(secret, ({ type, data }) => {
    console.log(`event ${type}: order ${data.outTradeNo}`)
  })
  const twin = await startTwin({ port: ports.twin, log: (line) => console.log(line) })
  const env: Record<string, string> = {
    // V2 first: its address, with TLS, does for V3 as well.
    ...twin.settings('weixin-v2', 'weixin-v3', 'alipay'),
    ...{ PAYMENT_PROVIDER: USUAL_PROVIDER, EVENT_TARGET: merchant.url, EVENT_SECRET: secret },
    ...ownSettings(),
  }
  const store = env.MONGODB_URI === undefined ? await openEmbeddedStore('.data') : undefined
  const gateway = await startGateway({
    ...{ port: ports.gateway, dist: 'dist', env, schedules: true },
    ...(store ? { store } : {}),
  })
  return {
    gateway: gateway.url,
    twin: twin.url,
    kept: store ? '.data/' : 'in the database of MONGODB_URI',
    async close() {
      await gateway.close()
      await Promise.all([twin.close(), merchant.close()])
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
