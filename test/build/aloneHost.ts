import { readdirSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, sep } from 'node:path'

/** Runs every function of a folder in one bare process, and prints what came of it as JSON. Bundled by the test. */

export interface Ran {
  name: string
  /** What `exports.main` answered to a call that lacks everything. */
  answer: unknown
  exports: string[]
  /** Files that were loaded from elsewhere. */
  foreign: string[]
  error?: string
}

interface Loaded {
  main(event: unknown, context: unknown): Promise<unknown>
}

const [root = ''] = process.argv.slice(2)
const folders = realpathSync(root)

async function run(name: string): Promise<Ran> {
  const folder = join(folders, name)
  const own = createRequire(join(folder, 'index.js'))
  const before = new Set(Object.keys(own.cache))
  const loaded = own('./index.js') as Loaded
  const answer = await loaded.main(
    { httpMethod: 'POST', headers: {}, path: '/', body: '' },
    { SOURCE: 'http' },
  )
  for (const file of readdirSync(folder).filter((file) => file.endsWith('.js'))) own(`./${file}`)
  const foreign = Object.keys(own.cache).filter((file) => !before.has(file) && !file.startsWith(folder + sep))
  return { name, answer, exports: Object.keys(loaded).sort(), foreign }
}

async function runAll(): Promise<Ran[]> {
  const ran: Ran[] = []
  for (const name of readdirSync(folders)) {
    ran.push(
      await run(name).catch((error: Error) => ({
        name,
        answer: undefined,
        exports: [],
        foreign: [],
        error: String(error.stack),
      })),
    )
  }
  return ran
}

console.log = () => undefined
runAll().then((ran) => process.stdout.write(JSON.stringify(ran)))
