import { createRequire } from 'node:module'
import { join } from 'node:path'
import { HOST } from '../../../shared/runtime/index.js'
import { openEmbeddedStore } from '../../../shared/store/embedded/open.js'

/** A process of its own, in which the built `billReconcile` is killed when it has kept two differences. */
const { folder, env, now } = JSON.parse(process.argv[2] ?? '{}') as {
  folder: string
  env: Record<string, string>
  now: number
}
const store = await openEmbeddedStore(folder)
let count = 0
const keep: typeof store.reports.keep = async (difference, id) => {
  await store.reports.keep(difference, id)
  count += 1
  if (count === 2) process.kill(process.pid, 'SIGKILL')
}
const host = {
  store: { ...store, reports: { ...store.reports, keep } },
  clock: { now: () => now, sleep: async () => undefined },
  env,
}
Object.assign(globalThis, { [HOST]: host })
const built = join(import.meta.dirname, '..', '..', '..', 'dist', 'functions', 'billReconcile', 'index.js')
const { main } = createRequire(import.meta.url)(built) as {
  main(event: object, context: object): Promise<unknown>
}
await main({}, { SOURCE: 'timing' })
