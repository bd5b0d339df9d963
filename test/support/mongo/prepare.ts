import { startMongo } from './server.js'

/** Fetches and builds what the tests on MongoDB need, so that none of them has to wait for it; says what they get. */
const server = await startMongo()
if ('unavailable' in server) {
  console.error(`no MongoDB-protocol server: ${server.unavailable}`)
  process.exitCode = process.env.REQUIRE_MONGODB === '1' ? 1 : 0
} else {
  console.log(`tests on MongoDB will use ${server.name}`)
  await server.stop()
}
