import { listenFailure, startLocalPlatforms } from './index.js'
import { providerNames } from './payment.js'

const DEFAULT_PORT = 9001
const DEFAULT_SECURE_PORT = 9002

const printed = (rows: Record<string, string>): string =>
  Object.entries(rows)
    .map(([name, value]) => `  ${name}=${value}`)
    .join('\n')

const { TWIN_PORT, TWIN_SECURE_PORT, TWIN_PROVIDER } = process.env
const provider = providerNames.find((name) => name === TWIN_PROVIDER)
const platforms = await startLocalPlatforms({
  port: Number(TWIN_PORT ?? DEFAULT_PORT),
  securePort: Number(TWIN_SECURE_PORT ?? DEFAULT_SECURE_PORT),
  ...(provider ? { provider } : {}),
  log: (line) => console.log(line),
}).catch((error: unknown) => {
  console.error(listenFailure(error, 'TWIN_PORT or TWIN_SECURE_PORT'))
  process.exit(1)
})

console.log(`WeChat, WeChat Pay and Alipay answer on ${platforms.url} and ${platforms.secureUrl}, for this machine only.

Settings of a deployment that shall talk to them (other payment systems: GET /twin/settings?provider=):
${printed(platforms.settings())}

Log in with the code demo-alice (again and again) or demo-alice-<anything> (once).
GET ${platforms.url}/twin lists every API, every control and every fault.
`)

const stop = () => {
  void platforms.close().then(() => process.exit(0))
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
