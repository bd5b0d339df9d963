import { explained, startTwin } from './index.js'
import { providerNames } from './payment.js'

const DEFAULT_PORT = 9001
const DEFAULT_SECURE_PORT = 9002

const printed = (rows: Record<string, string>): string =>
  Object.entries(rows)
    .map(([name, value]) => `  ${name}=${value}`)
    .join('\n')

const { TWIN_PORT, TWIN_SECURE_PORT, TWIN_PROVIDER } = process.env
const provider = providerNames.find((name) => name === TWIN_PROVIDER)
const twin = await startTwin({
  port: Number(TWIN_PORT ?? DEFAULT_PORT),
  securePort: Number(TWIN_SECURE_PORT ?? DEFAULT_SECURE_PORT),
  ...(provider ? { provider } : {}),
  log: (line) => console.log(line),
}).catch((error: unknown) => {
  console.error(explained(error, 'TWIN_PORT or TWIN_SECURE_PORT'))
  process.exit(1)
})

console.log(`WeChat, WeChat Pay and Alipay answer on ${twin.url} and ${twin.secureUrl}, for this machine only.

Settings of a deployment that shall talk to them (other payment systems: GET /twin/settings?provider=):
${printed(twin.settings())}

Log in with the code demo-alice (again and again) or demo-alice-<anything> (once).
GET ${twin.url}/twin lists every API, every control and every fault.
`)

const stop = () => {
  void twin.close().then(() => process.exit(0))
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
