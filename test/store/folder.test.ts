import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { program } from '../support/program.js'
import { refused } from '../support/refused.js'
import { NOW, order } from './contract/records.js'

const orderOf = (outTradeNo: string) => order({ outTradeNo, body: 'x'.repeat(2000) })

/** Starts a process that writes orders into `folder`; `lines` is what it says. */
function startHolder(folder: string): { process: ChildProcess; lines: AsyncIterator<string> } {
  const child = spawn(process.execPath, [...program('test/store/holder.ts'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { process: child, lines: createInterface({ input: child.stdout })[Symbol.asyncIterator]() }
}

t.test(
  'one process at a time; a killed one is succeeded and no write that was confirmed is lost',
  async (t) => {
    const folder = t.testdir()
    const { process: child, lines } = startHolder(folder)
    const kept: string[] = []
    while (kept.length < 25) kept.push((await lines.next()).value)
    t.equal(await refused(openEmbeddedStore(folder)), 'STORE_IN_USE', 'while it lives')
    child.kill('SIGKILL')
    await once(child, 'exit')

    const store = await openEmbeddedStore(folder)
    for (const outTradeNo of kept)
      t.strictSame(await store.orders.find(orderOf(outTradeNo)), orderOf(outTradeNo))
    const second = startHolder(folder)
    t.match((await second.lines.next()).value, `process ${process.pid} has this embedded store open`)
    await store.close()
  },
)

t.test('not twice within one process, and again once closed', async (t) => {
  const folder = t.testdir()
  const store = await openEmbeddedStore(folder)
  t.equal(await refused(openEmbeddedStore(join(folder, '.'))), 'STORE_IN_USE')
  await store.close()
  await store.close()
  t.equal(await refused(store.orders.find(order())), 'STORE_UNAVAILABLE')
  await (await openEmbeddedStore(folder)).close()
  t.notOk((await readdir(folder)).some((name) => name.startsWith('lock')))
})

t.test("a lock with this process's own id is a predecessor's, as in a restarted container", async (t) => {
  const folder = t.testdir({ lock: String(process.pid) })
  await (await openEmbeddedStore(folder)).close()
})

t.test('a line cut off by a crash is dropped, what was there before stays', async (t) => {
  const folder = t.testdir()
  const file = join(folder, 'orders.db')
  const first = await openEmbeddedStore(folder)
  await first.orders.create(order())
  await first.close()
  const whole = await readFile(file)
  await appendFile(file, whole.subarray(0, 40))
  const second = await openEmbeddedStore(folder)
  t.strictSame(await second.orders.find(order()), order())
  t.equal(await second.orders.create(order({ outTradeNo: 'T2' })), true)
  await second.close()
  await writeFile(file, 'no line of ours\nnor this\n')
  await t.rejects(openEmbeddedStore(folder), /corrupt/, 'a file that is broken otherwise is not thrown away')
})

t.test(
  'nobody else on the machine reads session keys and tokens',
  { skip: process.platform === 'win32' },
  async (t) => {
    const folder = join(t.testdir(), 'data')
    const store = await openEmbeddedStore(folder)
    const session = { tokenHash: 'h', provider: 'weixin', appId: 'wx', openid: 'o' } as const
    await store.sessions.put({ ...session, createdAt: NOW, expiresAt: NOW + 1 })
    await store.close()
    t.equal((await stat(folder)).mode & 0o777, 0o700)
    for (const name of await readdir(folder))
      t.equal((await stat(join(folder, name))).mode & 0o777, 0o600, name)
  },
)
