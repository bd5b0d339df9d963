import { startTwin } from './index.js'

const DEFAULT_PORT = 9001

const printed = (rows: Record<string, string>): string =>
  Object.entries(rows)
    .map(([name, value]) => `  ${name}=${value}`)
    .join('\n')

const twin = await startTwin({
  port: Number(process.env.TWIN_PORT ?? DEFAULT_PORT),
  log: (line) => console.log(line),
})

console.log(`WeChat and WeChat Pay answer on ${twin.url}, for this machine only.

Settings of a deployment that shall talk to them:
${printed(twin.settings())}

Log in with the code demo-alice (again and again) or demo-alice-<anything> (once).
GET ${twin.url}/twin lists every API, every control and every fault.
`)

const stop = () => {
  void twin.close().then(() => process.exit(0))
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)
