import { startCloud } from './cloud.js'
import { welcome } from './welcome.js'

/** `npm start`: the local cloud, until Ctrl+C. Gateway on `PORT` (9000), twin on `TWIN_PORT` (9001). */

const { PORT = '9000', TWIN_PORT = '9001' } = process.env

/** A sentence for what a newcomer can meet; everything else as it is. */
function explained(error: unknown): string {
  const { code, port, message } = error as { code?: string; port?: number; message?: string }
  if (code !== 'EADDRINUSE') return message ?? String(error)
  return `port ${port} is taken: set PORT or TWIN_PORT to others, or end whatever listens there`
}

try {
  const cloud = await startCloud({ gateway: Number(PORT), twin: Number(TWIN_PORT) })
  console.log(welcome(cloud))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      cloud.close().then(() => process.exit(0))
    })
  }
} catch (error) {
  console.error(explained(error))
  process.exit(1)
}
