import { execFile } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../network/freePort.js'
import { type ChildServer, startChild } from './childServer.js'
import { JAVA_SERVER_VERSION, startJavaServer } from './javaServer.js'

export interface MongoServer {
  uri: string
  /** For the report: what it is, and which version. */
  name: string
  stop(): Promise<void>
}

/** A MongoDB-protocol server: the one MONGODB_URI names, else mongod, else mongo-java-server; see test/README.md. */
export async function startMongo(): Promise<MongoServer | { unavailable: string }> {
  const uri = process.env.MONGODB_URI
  if (uri) return { uri, name: 'the server of MONGODB_URI', stop: async () => {} }
  const reasons: string[] = []
  for (const start of [startMongod, startMongoJavaServer]) {
    try {
      return await start()
    } catch (error) {
      // Maven says on its standard output what went wrong.
      reasons.push(`${error} ${(error as { stdout?: string }).stdout ?? ''}`.trim())
    }
  }
  return { unavailable: reasons.join('; ') }
}

async function startMongod(): Promise<MongoServer> {
  const { stdout } = await promisify(execFile)('mongod', ['--version'])
  const folder = await mkdtemp(join(tmpdir(), 'mongod-'))
  const args = [
    '--dbpath',
    folder,
    '--bind_ip',
    '127.0.0.1',
    '--port',
    String(await freePort()),
    '--nounixsocket',
  ]
  const child = await startChild('mongod', args, /waiting for connections.*?port\D*(\d+)\D/i, folder)
  return over(child, `mongod ${/v(\d[\w.-]*)/.exec(stdout)?.[1] ?? ''}`)
}

const startMongoJavaServer = async (): Promise<MongoServer> =>
  over(await startJavaServer(), `mongo-java-server ${JAVA_SERVER_VERSION}`)

const over = ({ port, stop }: ChildServer, name: string): MongoServer => ({
  uri: `mongodb://127.0.0.1:${port}/`,
  name,
  stop,
})
