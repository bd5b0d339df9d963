import { environmentSource, type SettingName, settingInfo } from '../../shared/config/index.js'
import { openEmbeddedStore } from '../../shared/store/nedb.js'
import { openMerchant } from '../demo/merchant.js'
import { newEventSecret } from '../demo/stage.js'
import { startGateway } from '../gateway/index.js'
import { startTwin } from '../twin/index.js'
import { welcome } from './welcome.js'

/**
 * `npm start`: the local cloud, until Ctrl+C. Gateway on `PORT` (9000), twin on `TWIN_PORT` (9001), store in `.data/`
 * unless `MONGODB_URI` is set. Settings found in the environment win over the twin's, so real credentials can be tried.
 */

const portFrom = (name: string, otherwise: number): number => Number(process.env[name] ?? otherwise)

function ownSettings(): Record<string, string> {
  const { read } = environmentSource()
  return Object.fromEntries(
    (Object.keys(settingInfo) as SettingName[]).flatMap((name) => {
      const value = read(name, settingInfo[name])
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

const secret = newEventSecret()
const merchant = await openMerchant(secret, ({ type, data }) => {
  console.log(`event ${type}: order ${data.outTradeNo}`)
})
const twin = await startTwin({ port: portFrom('TWIN_PORT', 9001), log: (line) => console.log(line) })
const env: Record<string, string> = {
  ...twin.settings(),
  EVENT_TARGET: merchant.url,
  EVENT_SECRET: secret,
  ...ownSettings(),
}
const store = env.MONGODB_URI === undefined ? await openEmbeddedStore('.data') : undefined
const gateway = await startGateway({
  ...{ port: portFrom('PORT', 9000), dist: 'dist', env, schedules: true },
  ...(store ? { store } : {}),
})
console.log(welcome(gateway.url, twin.url, store ? '.data/' : 'MONGODB_URI'))

async function stop(): Promise<void> {
  await gateway.close()
  await Promise.all([twin.close(), merchant.close()])
  await store?.close()
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stop().then(() => process.exit(0))
  })
}
