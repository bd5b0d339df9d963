import { Session } from 'node:inspector/promises'
import { fileURLToPath } from 'node:url'
import { HOST } from '../../shared/runtime/host.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import type { Executed, Step } from './executed.js'

/**
 * The process whose files are counted: calls one function, from its sources, as uniCloud does. Argument: a
 * {@link Step} as JSON; writes an {@link Executed} as JSON to standard output.
 */
const { name, event, context, env, folder } = JSON.parse(process.argv[2] ?? '') as Step
const store = await openEmbeddedStore(folder)
const scope = globalThis as { [HOST]?: object }
scope[HOST] = { store, env, log: () => undefined, callFunction: async () => ({ errCode: 0 }) }
const { main } = (await import(`../../functions/${name}/index.js`)) as {
  main(event: object, context: object): Promise<Executed['answer']>
}

const session = new Session()
session.connect()
await session.post('Profiler.enable')
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false })
await session.post('Profiler.takePreciseCoverage')
const answer = await main(event, context)
const { result } = await session.post('Profiler.takePreciseCoverage')
await store.close()

/** The function that begins at 0 is the module itself, `__name` the transpiler's. */
const hasRun = ({ functions }: (typeof result)[number]): boolean =>
  functions.some(
    ({ functionName, ranges: [whole] }) =>
      functionName !== '__name' && whole !== undefined && whole.startOffset > 0 && whole.count > 0,
  )
const shared = fileURLToPath(new URL('../../shared/', import.meta.url))
const files = result
  .filter(({ url }) => url.startsWith('file:'))
  .flatMap((script) => {
    const path = fileURLToPath(script.url.replace(/\?.*$/, ''))
    const name = path.startsWith(shared) ? path.slice(shared.length) : undefined
    return name && !name.startsWith('store/embedded/') && hasRun(script) ? [name] : []
  })
process.stdout.write(JSON.stringify({ answer, files: [...new Set(files)].sort() } satisfies Executed))
