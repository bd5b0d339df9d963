import { nonce, systemClock, systemRandom } from '../../shared/clock.js'
import { environmentSource, type SettingName, settingInfo } from '../../shared/config/index.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { argumentsOf } from '../command/index.js'
import { openMerchant } from '../demo/merchant.js'
import { newEventSecret, USUAL_PROVIDER } from '../demo/setup.js'
import { startLocalCloud } from '../emulator/cloud/index.js'
import { listenFailure, startLocalPlatforms } from '../emulator/platforms/index.js'
import { linesFor } from './lines.js'
import { type Running, welcome } from './welcome.js'

/** `npm start`: local cloud and local platforms on `PORT` (9000) and `TWIN_PORT` (9001), until Ctrl+C. */

const { functions } = argumentsOf('start').values
const { PORT = '9000', TWIN_PORT = '9001' } = process.env

/**
 * Starts everything on fixed ports: the store in `.data/` unless `MONGODB_URI` is set, and a merchant that prints the
 * events it receives. All payment systems are set up; orders that name none are WeChat Pay V3's. Settings found in the
 * environment win over those of the local platforms, so that real credentials can be tried.
 */
async function start(ports: { cloud: number; platforms: number }) {
  const shown = linesFor(process.stdout)
  const log = (line: string) => console.log(shown(line))
  const secret = newEventSecret()
  const merchant = await openMerchant(secret, {
    tell: ({ type, data }) => log(`event ${type}: order ${data.outTradeNo}`),
  })
  const platforms = await startLocalPlatforms({ port: ports.platforms, firstNumber: firstNumber(), log })
  const env: Record<string, string> = {
    // V2 first: its address, with TLS, does for V3 as well.
    ...platforms.settings('weixin-v2', 'weixin-v3', 'alipay'),
    ...{ WEIXIN_H5_APP_ID: platforms.app.h5AppId, WEIXIN_H5_APP_SECRET: platforms.app.h5Secret },
    ...{ PAYMENT_PROVIDER: USUAL_PROVIDER, EVENT_TARGET: merchant.url, EVENT_SECRET: secret },
    ...ownSettings(),
  }
  const store = env.MONGODB_URI === undefined ? await openEmbeddedStore('.data') : undefined
  const cloud = await startLocalCloud({
    ...{ port: ports.cloud, dist: 'dist', env, schedules: true, log },
    ...(store ? { store } : {}),
    ...(functions === undefined ? {} : { functions }),
  })
  const running: Running = {
    cloud: cloud.url,
    platforms: platforms.url,
    data: store ? '.data/' : 'in the database of MONGODB_URI',
    own: functions === undefined ? undefined : { folder: functions, names: cloud.ownFunctions() },
    order: { outTradeNo: `tea${nonce(systemRandom, 12)}`, openid: platforms.openid('alice') },
  }
  return {
    running,
    async close() {
      await cloud.close()
      await Promise.all([platforms.close(), merchant.close()])
      await store?.close()
    },
  }
}

/**
 * Of this life's payments and refunds. The data outlives the platforms, and a number that comes again would be another
 * order's; theirs begin with the day, so the second of the day tells two lives apart, a hundred payments each.
 */
const firstNumber = (): number => 1 + (Math.floor(systemClock.now() / 1000) % 86_400) * 100

function ownSettings(): Record<string, string> {
  const { read } = environmentSource()
  return Object.fromEntries(
    (Object.keys(settingInfo) as SettingName[]).flatMap((name) => {
      const value = read(name, settingInfo[name])
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

try {
  const { running, close } = await start({ cloud: Number(PORT), platforms: Number(TWIN_PORT) })
  console.log(welcome(running))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      close().then(() => process.exit(0))
    })
  }
} catch (error) {
  console.error(listenFailure(error, 'PORT or TWIN_PORT'))
  process.exit(1)
}
