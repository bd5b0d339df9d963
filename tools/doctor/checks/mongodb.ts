import type { Db } from 'mongodb'
import { check } from '../check.js'
import { saidBy } from '../common.js'
import type { Finding, Say } from '../finding.js'
import { NotYet } from '../hindrance.js'
import { mongoClient } from '../mongo.js'
import { mongodbRemarks } from '../remarks/mongodb.js'
import type { World } from '../world.js'

type Code = keyof typeof mongodbRemarks

/** None of the functions' own, so that nothing of theirs is touched. */
const SCRATCH = 'openapi-doctor'

export const mongodb = check({
  id: 'store.mongodb',
  title: { en: 'MongoDB answers, with the rights that are needed', zh: 'MongoDB 可用且权限齐全' },
  network: true,
  remarks: mongodbRemarks,
  async run(world, say) {
    if (world.settings.get('MONGODB_URI') === undefined) return [say('unset')]
    try {
      const client = await mongoClient(world)
      return client ? await rights(world, client.db(), say) : []
    } catch (error) {
      return [noConnection(error, say)]
    }
  },
})

/** https://www.mongodb.com/docs/manual/reference/error-codes/ */
const AUTHENTICATION_FAILED = 18
const UNAUTHORIZED = 13

function noConnection(error: unknown, say: Say<Code>): Finding {
  const { code, name } = error as { code?: number; name?: string }
  if (name === 'MongoParseError') throw new NotYet('settings-first')
  // Hosted services have codes of their own for it.
  const isLogin = code === AUTHENTICATION_FAILED || /bad auth|authentication failed/i.test(saidBy(error))
  if (isLogin) return say('login-refused')
  return say('unreachable', { line: /E[A-Z]{5,}/.exec(saidBy(error))?.[0] ?? name ?? 'timeout' })
}

/** Writes, reads, changes and removes one document that is nobody's. */
async function rights(world: World, db: Db, say: Say<Code>): Promise<Finding[]> {
  const startedAt = world.clock.now()
  const scratch = db.collection<{ _id: string; n: number }>(SCRATCH)
  const _id = world.random.bytes(12).toString('hex')
  const about = { database: db.databaseName }
  const refusal = await refusedBy(async () => {
    await scratch.insertOne({ _id, n: 1 })
    await scratch.updateOne({ _id }, { $inc: { n: 1 } })
    await scratch.findOne({ _id })
  })
  if (refusal !== undefined) return [say('cannot-write', { ...about, said: refusal })]
  const noIndex = await refusedBy(() => scratch.createIndex({ n: 1 }))
  await refusedBy(() => scratch.deleteOne({ _id }))
  await refusedBy(() => scratch.drop())
  const found = noIndex === undefined ? [] : [say('cannot-index', { ...about, said: noIndex })]
  if (!namesDatabase(world.settings.require('MONGODB_URI'))) found.push(say('no-database'))
  return found.length > 0 ? found : [say('works', { ...about, ms: world.clock.now() - startedAt })]
}

/** What the server says against it; nothing where it agrees. A broken line rejects. */
async function refusedBy(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    const { code, name } = error as { code?: number; name?: string }
    if (code === UNAUTHORIZED || name === 'MongoServerError') return saidBy(error)
    throw error
  }
}

const namesDatabase = (uri: string): boolean => /^mongodb(\+srv)?:\/\/[^/]+\/[^/?]+/.test(uri)
