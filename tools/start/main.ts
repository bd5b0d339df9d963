import { explained } from '../emulator/platforms/index.js'
import { startCloud } from './cloud.js'
import { welcome } from './welcome.js'

/** `npm start`: the local cloud, until Ctrl+C. Gateway on `PORT` (9000), platforms on `TWIN_PORT` (9001). */

const { PORT = '9000', TWIN_PORT = '9001' } = process.env

try {
  const cloud = await startCloud({ cloud: Number(PORT), platforms: Number(TWIN_PORT) })
  console.log(welcome(cloud))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      cloud.close().then(() => process.exit(0))
    })
  }
} catch (error) {
  console.error(explained(error, 'PORT or TWIN_PORT'))
  process.exit(1)
}
