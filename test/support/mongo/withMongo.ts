import { MongoClient } from 'mongodb'
import type { Test } from 'tap'
import { systemRandom } from '../../../shared/clock.js'
import { startMongo } from './server.js'

/**
 * Runs `work` with the address of a database of its own on a real MongoDB-protocol server, and drops it afterwards.
 * Where there is no server the tests of MongoDB do not run, and say so aloud; with REQUIRE_MONGODB=1 they fail.
 */
export async function withMongo(t: Test, work: (uri: string) => Promise<void>): Promise<void> {
  const server = await startMongo()
  if ('unavailable' in server) return notRun(t, server.unavailable)
  t.comment(`on ${server.name}`)
  const uri = ofDatabase(server.uri, `openapi-test-${systemRandom.bytes(6).toString('hex')}`)
  try {
    await work(uri)
  } finally {
    await emptyDatabase(uri)
    await server.stop()
  }
}

function notRun(t: Test, reason: string): void {
  const line = `the tests on MongoDB did NOT run: ${reason}`
  if (process.env.REQUIRE_MONGODB === '1') return void t.fail(line)
  console.error(line)
  t.pass(line, { skip: line })
}

/** The server's address with this database in it; users are still looked up where they were. */
function ofDatabase(server: string, name: string): string {
  const [, hosts = '', path = '', query = ''] =
    /^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?([^?]*)\??(.*)$/.exec(server) ?? []
  const options = new URLSearchParams(query)
  if (hosts.includes('@') && !options.has('authSource')) options.set('authSource', path || 'admin')
  return `${hosts}/${name}?${options}`
}

/** Removes everything from the database that this address names. */
export async function emptyDatabase(uri: string): Promise<void> {
  const client = await MongoClient.connect(uri)
  await client.db().dropDatabase()
  await client.close()
}
