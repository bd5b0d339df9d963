import { type ChildProcess, spawn } from 'node:child_process'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { waitingEvent } from '../../shared/events/event.js'
import { openMongoStore } from '../../shared/store/index.js'
import { order } from '../store/contract/records.js'
import { withMongo } from '../support/mongo/withMongo.js'
import { bare } from '../support/nodes.js'

/** Ten servers over one database. Their clock moves on by a minute when they get a signal; half of them are killed. */

const bundle = join(import.meta.dirname, '..', '..', 'dist', 'server', 'index.cjs')

const program = `
const { createOpenapi, openMongoStore } = require(${JSON.stringify(bundle)})
let passed = 0
const START = Date.UTC(2050, 0, 1)
const beganAt = Date.now()
const now = () => START + passed + Date.now() - beganAt
process.on('SIGUSR2', () => { passed += 60_000 })
const sleep = async (ms, signal) => {
  const until = now() + ms
  while (now() < until && !signal?.aborted) await new Promise((done) => setTimeout(done, 20))
}
const openapi = createOpenapi({
  store: openMongoStore(process.env.URI),
  settings: { EVENT_TARGET: 'function:onEvent' },
  timers: true,
  clock: { now, sleep },
  functions: { onEvent: (event) => fetch(process.env.RECEIVER, { method: 'POST', body: event.id }).then(() => ({ errCode: 0 })) },
  log: (line) => console.log(line),
})
console.log('{}')
`

interface Line {
  fn: string
  source: string
  at: string
}

function startServer(t: Test, env: Record<string, string>, lines: Line[]): ChildProcess {
  const [command, words] = bare(process.execPath, '-e', program)
  const child = spawn(command, words, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    lines.push(JSON.parse(line) as Line)
  })
  t.teardown(() => child.kill('SIGKILL'))
  return child
}

async function receiver(t: Test): Promise<{ url: string; ids: string[] }> {
  const ids: string[] = []
  const server = http.createServer((request, response) => {
    let id = ''
    request.on('data', (part) => {
      id += part
    })
    request.on('end', () => {
      ids.push(id)
      response.end()
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ids }
}

/** Waits for what other processes do; the time that it takes is nobody's promise. */
async function until(t: Test, what: string, holds: () => boolean): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if (holds()) return
    await sleep(50)
  }
  t.fail(`it does not come to this: ${what}`)
}

t.test('ten servers fire each period once and tell each event, five of them killed', async (t) => {
  await withMongo(t, async (uri) => {
    const store = await openMongoStore(uri)
    const { url, ids } = await receiver(t)
    const at = Date.UTC(2050, 0, 1)
    const happen = async (name: string): Promise<string> => {
      const event = waitingEvent('payment.paid', name, { outTradeNo: name }, at)
      await store.orders.create(order({ outTradeNo: name, createdAt: at, updatedAt: at, events: [event] }))
      return event.id
    }
    const first = await Promise.all(Array.from({ length: 20 }, (_, i) => happen(`before${i}`)))
    const lines: Line[] = []
    const servers = Array.from({ length: 10 }, () => startServer(t, { URI: uri, RECEIVER: url }, lines))
    await until(t, 'all are there', () => lines.length === servers.length)
    let minutes = 0
    const passMinute = () => {
      minutes++
      for (const server of servers) server.kill('SIGUSR2')
    }
    const runs = () => lines.filter(({ fn, source }) => fn === 'eventDispatch' && source === 'timer').length

    passMinute()
    await until(t, 'a run', () => runs() === 1)
    t.same([...ids].sort(), [...first].sort(), 'each event was told once')
    passMinute()
    await until(t, 'another', () => runs() === 2)

    const later = await Promise.all(Array.from({ length: 20 }, (_, i) => happen(`after${i}`)))
    passMinute()
    for (const server of servers.splice(0, 5)) server.kill('SIGKILL')
    // Who had taken this minute may be among them; the next one is another's, and so is what was being told.
    const arrived = () => later.every((id) => ids.includes(id))
    for (let waits = 1; waits < 300 && !arrived(); waits++) {
      await sleep(50)
      if (waits % 60 === 0) passMinute()
    }
    t.ok(arrived(), 'nothing is lost')
    t.equal(new Set(ids).size, first.length + later.length, 'each under its one id')
    t.ok(runs() <= minutes, `${runs()} runs in ${minutes} minutes`)
    for (const server of servers) server.kill('SIGTERM')
    await store.close()
  })
})
