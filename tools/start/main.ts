import { environmentSource, type SettingName, settingInfo } from '../../shared/config/index.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { openMerchant } from '../demo/merchant.js'
import { newEventSecret, USUAL_PROVIDER } from '../demo/setup.js'
import { LOCAL_ACCESS, LOCAL_SPACE, startLocalCloud } from '../emulator/cloud/index.js'
import { listenFailure, startLocalPlatforms } from '../emulator/platforms/index.js'

/** `npm start`: local cloud and local platforms on `PORT` (9000) and `TWIN_PORT` (9001), until Ctrl+C. */

const { PORT = '9000', TWIN_PORT = '9001' } = process.env

interface Running {
  /** Addresses. */
  cloud: string
  platforms: string
  /** Where the data is, for people. */
  data: string
  close(): Promise<void>
}

/**
 * Starts everything on fixed ports: the store in `.data/` unless `MONGODB_URI` is set, and a merchant that prints the
 * events it receives. All payment systems are set up; orders that name none are WeChat Pay V3's. Settings found in the
 * environment win over those of the local platforms, so that real credentials can be tried.
 */
async function start(ports: { cloud: number; platforms: number }): Promise<Running> {
  const secret = newEventSecret()
  const merchant = await openMerchant(secret, {
    tell: ({ type, data }) => console.log(`event ${type}: order ${data.outTradeNo}`),
  })
  const platforms = await startLocalPlatforms({ port: ports.platforms, log: (line) => console.log(line) })
  const env: Record<string, string> = {
    // V2 first: its address, with TLS, does for V3 as well.
    ...platforms.settings('weixin-v2', 'weixin-v3', 'alipay'),
    ...{ WEIXIN_H5_APP_ID: platforms.app.h5AppId, WEIXIN_H5_APP_SECRET: platforms.app.h5Secret },
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
    data: store ? '.data/' : 'in the database of MONGODB_URI',
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

const debugCall = (cloud: string, name: string, param: object): string =>
  `curl ${cloud}/cloudfunctions/${name} -H 'content-type: application/json' -d '${JSON.stringify({ param })}'`

/** What a person needs to know once everything listens. */
const welcome = ({ cloud, platforms, data }: Running): string => `
The local cloud is up. Ctrl+C stops it.

  functions    ${cloud}   GET / lists every function and every way in
  platforms    ${platforms}   the local WeChat, WeChat Pay and Alipay; GET /twin lists what they can do
  data         ${data}
  space        ${LOCAL_SPACE.spaceId}, clientSecret ${LOCAL_SPACE.clientSecret}
  access key   ${LOCAL_ACCESS.accessKeyId} / ${LOCAL_ACCESS.accessKeySecret}, account ${LOCAL_ACCESS.accountId}

In a uni-app project: const space = uniCloud.init({ provider: 'aliyun', spaceId: '${LOCAL_SPACE.spaceId}',
  clientSecret: '${LOCAL_SPACE.clientSecret}', endpoint: '${cloud}' })
  Call by what it returns, space.callFunction(...): the global uniCloud stays with the project's own space. For the
  typed client: clientOver(async (name, data) => (await space.callFunction({ name, data })).result), docs/client.md.

Try these:

  curl -X POST ${cloud}/timers/tokenRefresh
  ${debugCall(cloud, 'authCode2Session', { code: 'demo-alice' })}
  ${debugCall(cloud, 'authCode2Session', { code: 'demo-alice', platform: 'alipay' })}
  ${debugCall(cloud, 'wxacodeGet', { code: 'demo-alice', path: 'pages/index' })}

These are calls of a client, which makes no orders. A server's go through the signed API of Function Compute:
docs/deploy-fc.md shows one, and npm run demo plays a whole payment with them.
`

try {
  const running = await start({ cloud: Number(PORT), platforms: Number(TWIN_PORT) })
  console.log(welcome(running))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      running.close().then(() => process.exit(0))
    })
  }
} catch (error) {
  console.error(listenFailure(error, 'PORT or TWIN_PORT'))
  process.exit(1)
}
