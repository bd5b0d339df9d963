import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { ended, waitingEvent } from '../../shared/events/event.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { openMongoStore, type Store } from '../../shared/store/index.js'
import { order } from '../store/contract/records.js'
import { withMongo } from '../support/mongo/withMongo.js'
import { program } from '../support/program.js'

/** `npm run events` over real stores. */

const DAY = 24 * 3600_000
const NOW = Date.UTC(2050, 0, 1)

async function run(env: Record<string, string>, ...args: string[]): Promise<string> {
  const given = [...program('tools/main.ts'), 'events', ...args]
  const { stdout } = await promisify(execFile)(process.execPath, given, { env: { ...process.env, ...env } })
  return stdout
}

async function lists(t: Test, store: Store, env: Record<string, string>, ...where: string[]): Promise<void> {
  const told = (outTradeNo: string, at: number) =>
    ended(waitingEvent('payment.paid', outTradeNo, { outTradeNo }, at), 'delivered', at)
  const [first, second] = [told('T1', NOW), told('T2', NOW + DAY)]
  await store.orders.create(order({ outTradeNo: 'T1', events: [first] }))
  await store.orders.create(order({ outTradeNo: 'T2', events: [second] }))
  t.match(
    await run(env, 'list', '--since', String(NOW + 1), ...where),
    new RegExp(`^${second.id} .*delivered`),
  )
  t.match(await run(env, 'resend', first.id, '--order', 'T1', ...where), new RegExp(`^${first.id} `))
  const states = async (outTradeNo: string) =>
    (await store.orders.findByOutTradeNo(outTradeNo))[0]?.events.map(({ id, state }) => ({ id, state }))
  t.same(await states('T1'), [{ id: first.id, state: 'waiting' }], 'under its id')
  t.same(await states('T2'), [{ id: second.id, state: 'delivered' }], 'and no other')
}

t.test('embedded', async (t) => {
  const folder = t.testdir()
  const store = await openEmbeddedStore(folder)
  t.teardown(() => store.close())
  const [env, where] = [{ MONGODB_URI: '' }, ['--data', folder]]
  await lists(t, store, env, ...where)
  await t.rejects(run(env, 'resend', 'evt_none', '--order', 'T2', ...where), { code: 1 })
})

t.test('MongoDB', (t) =>
  withMongo(t, async (uri) => {
    const store = await openMongoStore(uri)
    t.teardown(() => store.close())
    await lists(t, store, { MONGODB_URI: uri })
  }),
)
