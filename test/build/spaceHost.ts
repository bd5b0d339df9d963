import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, sep } from 'node:path'
import { UniCloudDatabaseStandIn } from '../support/unicloudDatabase.js'

/**
 * The process of a simulated uniCloud space, bundled and started by `space.ts` under any Node: nothing but the uploaded
 * folders and the `uniCloud` object they find. Answers one message with one.
 */

const [folder = ''] = process.argv.slice(2)
const functions = join(realpathSync(folder), 'cloudfunctions')
const database = new UniCloudDatabaseStandIn(uniqueFields(join(folder, 'database')))

/** The stand-in keeps the unique indexes that were uploaded, as Alibaba's database would. */
function uniqueFields(schemas: string): Record<string, string> {
  const files = readdirSync(schemas).filter((file) => file.endsWith('.index.json'))
  return Object.fromEntries(
    files.flatMap((file) =>
      (JSON.parse(readFileSync(join(schemas, file), 'utf8')) as UploadedIndex[])
        .filter(({ MgoKeySchema }) => MgoKeySchema.MgoIsUnique)
        .map(({ MgoKeySchema }) => [
          file.replace('.index.json', ''),
          MgoKeySchema.MgoIndexKeys.map(({ Name }) => Name).join(),
        ]),
    ),
  )
}

interface UploadedIndex {
  MgoKeySchema: { MgoIsUnique: boolean; MgoIndexKeys: { Name: string }[] }
}

type Main = (event: unknown, context: object) => unknown

/** Runs `exports.main` as the platform does. `source`: who calls, in uniCloud's words. */
async function run(name: string, event: unknown, source: string): Promise<unknown> {
  const own = createRequire(join(functions, name, 'index.js'))
  const { main } = own('./index.js') as { main: Main }
  const context = {
    ...{
      SOURCE: source,
      FUNCTION_NAME: name,
      FUNCTION_TYPE: 'cloudfunction',
      requestId: `request-${++calls}`,
    },
    ...{ CLIENTIP: '203.0.113.7', PLATFORM: 'mp-weixin', uniPlatform: 'mp-weixin' },
    SPACEINFO: { spaceId: 'mp-simulated', provider: process.env.EDITION },
  }
  return overTheWire(await main(overTheWire(event), context))
}

let calls = 0
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null))

Object.assign(globalThis, {
  uniCloud: {
    database: () => database,
    callFunction: async ({ name, data }: { name: string; data: object }) => ({
      result: await run(name, data, 'function'),
    }),
  },
})

/** What was loaded from outside the uploaded folders. */
const foreign = (): string[] =>
  Object.keys(createRequire(functions).cache).filter(
    (file) => !file.startsWith(functions + sep) && file !== realpathSync(process.argv[1] ?? ''),
  )

export interface Asked {
  id: number
  call?: { name: string; event: unknown; source: string }
  /** A collection to be shown. */
  contents?: string
}

export interface Answered {
  id: number
  result?: unknown
  error?: string
}

async function answer({ call, contents }: Asked): Promise<unknown> {
  if (call) return run(call.name, call.event, call.source)
  if (contents !== undefined) return database.contents(contents)
  return foreign()
}

process.on('message', (asked: Asked) => {
  answer(asked)
    .then((result): Answered => ({ id: asked.id, result }))
    .catch((error: Error): Answered => ({ id: asked.id, error: error.stack ?? error.message }))
    .then((answered) => process.send?.(answered))
})
process.on('disconnect', () => process.exit())
