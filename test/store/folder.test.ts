import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import Libsql from 'libsql'
import t, { type Test } from 'tap'
import { openEmbeddedStore, STORE_FILE } from '../../shared/store/embedded/open.js'
import { program } from '../support/program.js'
import { refused } from '../support/refused.js'
import { NOW, order } from './contract/records.js'

const orderOf = (outTradeNo: string) => order({ outTradeNo, body: 'x'.repeat(2000) })

/** Starts a process that writes orders into `folder`; `lines` is what it says. */
function startHolder(folder: string, from = 0): { process: ChildProcess; lines: AsyncIterator<string> } {
  const child = spawn(process.execPath, [...program('test/store/holder.ts'), folder, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { process: child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
}

t.test('a killed process has lost no write that it confirmed', async (t) => {
  const folder = t.testdir()
  const { process: child, lines } = startHolder(folder)
  const kept: string[] = []
  while (kept.length < 25) kept.push((await lines.next()).value)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const store = await openEmbeddedStore(folder)
  for (const outTradeNo of kept)
    t.strictSame(await store.orders.find(orderOf(outTradeNo)), orderOf(outTradeNo))
  await store.close()
})

t.test('several processes share one store', async (t) => {
  const folder = t.testdir()
  const store = await openEmbeddedStore(folder)
  const holders = [0, 1000].map((from) => startHolder(folder, from))
  for (const { lines } of holders) {
    const outTradeNo = String((await lines.next()).value)
    t.strictSame(await store.orders.find(orderOf(outTradeNo)), orderOf(outTradeNo), 'seen at once')
  }
  const own = Array.from({ length: 20 }, (_, number) => orderOf(`own${number}`))
  t.ok((await Promise.all(own.map((each) => store.orders.create(each)))).every(Boolean))
  for (const { process: child } of holders) child.kill('SIGKILL')
  await Promise.all(holders.map(({ process: child }) => once(child, 'exit')))
  await store.close()
})

t.test('four processes, one counter: no conditional write is lost', async (t) => {
  const folder = t.testdir()
  const store = await openEmbeddedStore(folder)
  await store.orders.create(orderOf('counted'))
  const script = [...program('test/store/counter.ts'), folder, '25']
  const counters = Array.from({ length: 4 }, () => spawn(process.execPath, script, { stdio: 'inherit' }))
  const codes = await Promise.all(counters.map((child) => once(child, 'exit')))
  t.strictSame(
    codes.map(([code]) => code),
    [0, 0, 0, 0],
  )
  t.equal((await store.orders.find(orderOf('counted')))?.rev, 100)
  await store.close()
})

t.test('closed is closed, and it opens again', async (t) => {
  const folder = t.testdir()
  const store = await openEmbeddedStore(folder)
  await store.close()
  await store.close()
  t.equal(await refused(store.orders.find(order())), 'STORE_UNAVAILABLE')
  t.equal(await refused(store.orders.create(order())), 'STORE_UNAVAILABLE')
  await (await openEmbeddedStore(folder)).close()
  t.strictSame(await readdir(folder), [STORE_FILE].concat(await journalIn(folder)).sort())
})

const journalIn = async (folder: string) => (await readdir(folder)).filter((name) => name !== STORE_FILE)

/** The bytes of a closed store of some orders. */
async function filled(t: Test): Promise<Buffer> {
  const folder = t.testdir()
  const store = await openEmbeddedStore(folder)
  await Promise.all(Array.from({ length: 12 }, (_, number) => store.orders.create(orderOf(`order${number}`))))
  await store.close()
  return readFile(join(folder, STORE_FILE))
}

/** Opens a store of which only the file is left, as after a copy. */
async function openCopy(t: Test, name: string, bytes: Buffer | string) {
  const folder = join(t.testdirName, name)
  await mkdir(folder)
  await writeFile(join(folder, STORE_FILE), bytes)
  return openEmbeddedStore(folder)
}

t.test('a file that was cut, emptied, zeroed or replaced is refused with its name', async (t) => {
  const bytes = await filled(t)
  const other = new Libsql(join(t.testdirName, 'other'))
  other.exec('CREATE TABLE orders (id TEXT PRIMARY KEY)')
  other.close()
  const ends = [0, 1, 100, 4096, 4097, 5000, bytes.length / 2, bytes.length - 4096, bytes.length - 1]
  const damaged: Record<string, Buffer | string> = {
    ...Object.fromEntries(ends.map((end) => [`cut after ${end} bytes`, bytes.subarray(0, end)])),
    zeroed: Buffer.alloc(bytes.length),
    'zeroed from the third page on': Buffer.concat([
      bytes.subarray(0, 8192),
      Buffer.alloc(bytes.length - 8192),
    ]),
    'a text': 'no database at all, but a text of some length '.repeat(40),
    "another program's database": await readFile(join(t.testdirName, 'other')),
  }
  for (const [what, content] of Object.entries(damaged)) {
    const error: unknown = await openCopy(t, what, content).catch((failure: unknown) => failure)
    t.match(error, { errCode: 'STORE_DAMAGED', errMsg: new RegExp(`${STORE_FILE}.*backup`) }, what)
  }
})

t.test('a flipped bit is never served', async (t) => {
  const bytes = await filled(t)
  const expected = orderOf('order7')
  // A step that is a prime reaches every part of a page sooner or later; what is unused may flip.
  for (let at = 101; at < bytes.length; at += 1999) {
    const damaged = Buffer.from(bytes)
    damaged[at] = (damaged[at] ?? 0) ^ 0x10
    const store = await openCopy(t, String(at), damaged).catch((error: { errCode?: unknown }) => {
      t.equal(error.errCode, 'STORE_DAMAGED', `a bit of byte ${at}`)
    })
    if (!store) continue
    t.strictSame(await store.orders.find(expected), expected, `byte ${at} is not in use`)
    await store.close()
  }
})

t.test('what was begun and not committed when the process died is undone', async (t) => {
  await filled(t)
  const folder = t.testdirName
  const child = spawn(process.execPath, [...program('test/store/dying.ts'), folder], { stdio: 'inherit' })
  await once(child, 'exit')
  const store = await openEmbeddedStore(folder)
  t.strictSame(await store.orders.find(orderOf('order7')), orderOf('order7'))
  t.equal(await store.orders.find(orderOf('begun')), undefined)
  await store.close()
})

/** A disk of half a megabyte, which only root can make, and only on Linux. */
const small = (folder: string) => [
  '-m',
  'sh',
  '-c',
  `mount -t tmpfs -o size=512k none '${folder}' && exec "$0" "$@"`,
]
const noSmallDisk =
  spawnSync('unshare', [...small(tmpdir()), 'true']).status === 0
    ? false
    : 'no small disk can be mounted here'

t.test(
  'a full disk: what was acknowledged is there, the rest is refused',
  { skip: noSmallDisk },
  async (t) => {
    const folder = t.testdir()
    const args = [...small(folder), process.execPath, ...program('test/store/filling.ts'), folder]
    const child = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
    const { acknowledged, found, refusal } = JSON.parse(output) as Record<string, unknown>
    t.ok(Number(acknowledged) > 10, `${acknowledged} orders fitted`)
    t.equal(found, acknowledged)
    t.equal(refusal, 'STORE_UNAVAILABLE')
  },
)

t.test('what NeDB kept is taken over, once', async (t) => {
  const folder = t.testdir()
  for (const key of ['orders', 'sessions'])
    await copyFile(join(import.meta.dirname, 'nedb', `${key}.txt`), join(folder, `${key}.db`))
  const file = join(folder, 'orders.db')
  await writeFile(file, Buffer.concat([await readFile(file), Buffer.from('{"_id":"cut off by a cra')]))
  const store = await openEmbeddedStore(folder)
  t.match(await store.orders.find(order({ outTradeNo: 'N1' })), {
    state: 'PAYING',
    rev: 1,
    body: 'two\u2028lines 茶',
  })
  t.match(await store.orders.find(order({ outTradeNo: 'N2' })), { state: 'CREATED' })
  t.match(await store.sessions.find('stays', NOW), { openid: 'o' })
  t.equal(await store.sessions.find('gone', NOW), undefined)
  await store.close()
  const names = await readdir(folder)
  t.ok(names.includes('orders.db.imported') && !names.includes('orders.db'), names.join(' '))
})

t.test('a broken line in what NeDB kept stops the taking over, and nothing is lost', async (t) => {
  const folder = t.testdir({ 'orders.db': 'no line of ours\nnor this\n' })
  t.equal(await refused(openEmbeddedStore(folder)), 'STORE_DAMAGED')
  t.strictSame(await readdir(folder), ['orders.db'])
})

t.test(
  'nobody else on the machine reads session keys and tokens',
  { skip: process.platform === 'win32' },
  async (t) => {
    const folder = join(t.testdir(), 'data')
    const store = await openEmbeddedStore(folder)
    const session = { tokenHash: 'h', provider: 'weixin', appId: 'wx', openid: 'o' } as const
    await store.sessions.put({ ...session, createdAt: NOW, expiresAt: NOW + 1 })
    t.equal((await stat(folder)).mode & 0o777, 0o700)
    for (const name of await readdir(folder))
      t.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name)
    await store.close()
  },
)
