import net from 'node:net'
import { BSON } from 'mongodb'
import type { Test } from 'tap'

/** The commands that are refused, with the server's code. */
export type Refusals = Readonly<Record<string, { code: number; errmsg: string }>>

const OP_REPLY = 1
const OP_QUERY = 2004
const OP_MSG = 2013
const HEADER = 16

/** Of a cursor that has given out everything; the driver insists on 64 bits. */
const NONE_LEFT = BSON.Long.fromNumber(0)

/**
 * A server that speaks just enough of MongoDB's protocol to refuse: the one the tests have knows neither users nor
 * rights. Answers its address. https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
 */
export async function strictMongo(t: Test, refusals: Refusals): Promise<string> {
  const server = net.createServer((socket) => {
    let waiting = Buffer.alloc(0)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk])
      while (waiting.length >= 4 && waiting.length >= waiting.readInt32LE(0)) {
        const length = waiting.readInt32LE(0)
        socket.write(answer(waiting.subarray(0, length), refusals))
        waiting = waiting.subarray(length)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => void server.close())
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port was given')
  return `127.0.0.1:${address.port}`
}

function answer(message: Buffer, refusals: Refusals): Buffer {
  const isQuery = message.readInt32LE(12) === OP_QUERY
  // Flags and, in a query, the name of the collection and two numbers stand in front of the document.
  const at = isQuery ? message.indexOf(0, HEADER + 4) + 1 + 8 : HEADER + 5
  const [command = ''] = Object.keys(BSON.deserialize(message.subarray(at, at + message.readInt32LE(at))))
  const document = BSON.serialize(said(command, refusals))
  const head = isQuery ? Buffer.alloc(20) : Buffer.alloc(5)
  if (isQuery) head.writeInt32LE(1, 16)
  const header = Buffer.alloc(HEADER)
  header.writeInt32LE(HEADER + head.length + document.length, 0)
  header.writeInt32LE(message.readInt32LE(4), 8)
  header.writeInt32LE(isQuery ? OP_REPLY : OP_MSG, 12)
  return Buffer.concat([header, head, document])
}

function said(command: string, refusals: Refusals): object {
  const refusal = refusals[command]
  if (refusal) return { ok: 0, ...refusal }
  if (/^(hello|ismaster)$/i.test(command)) {
    return {
      ok: 1,
      isWritablePrimary: true,
      maxWireVersion: 17,
      minWireVersion: 0,
      maxBsonObjectSize: 16777216,
    }
  }
  if (command === 'find')
    return { ok: 1, cursor: { id: NONE_LEFT, ns: 'shop.openapi-doctor', firstBatch: [] } }
  if (command === 'listCollections') return { ok: 1, cursor: { id: NONE_LEFT, ns: 'shop', firstBatch: [] } }
  return { ok: 1, n: 1 }
}
