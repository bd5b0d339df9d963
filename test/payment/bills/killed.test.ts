import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import t from 'tap'
import { openEmbeddedStore } from '../../../shared/store/embedded/open.js'
import { program } from '../../support/program.js'
import { type Fields, openHouse } from '../house.js'
import { openShop } from '../shop.js'

/** The built `billReconcile`, killed while it writes what it found. Expects the packages that `npm run build` makes. */

const built = join(import.meta.dirname, '..', '..', '..', 'dist', 'functions', 'billReconcile', 'index.js')

const HOUR = 3600_000

t.test('goes on with the next call, and finds each difference once', async (t) => {
  const shop = await openShop(t, 'weixin-v3')
  const numbers = ['T20500101', 'T20500102', 'T20500103']
  for (const outTradeNo of numbers) await shop.pay(outTradeNo)
  await shop.house.clock.advance(27 * HOUR)
  const now = shop.house.clock.now()
  const env = { ...shop.house.env }

  // A merchant whose orders are elsewhere: all that was paid is missing here.
  const folder = t.testdir()
  const given = JSON.stringify({ folder, env, now })
  const child = spawn(process.execPath, [...program('test/payment/bills/dying.ts'), given], {
    stdio: 'inherit',
  })
  const [, signal] = await once(child, 'exit')
  t.equal(signal, 'SIGKILL')

  const store = await openEmbeddedStore(folder)
  const [report] = await store.reports.unfinished(now + HOUR, 10)
  t.match(report, { state: 'busy', day: '20500101' })
  t.equal((await store.reports.differences(report?.id ?? '', 0, 10)).length, 2)

  const house = await openHouse(t, env, store)
  Object.assign(house.env, env)
  // Longer than who was killed could have been at it.
  await shop.house.clock.advance(5 * 60_000)
  await house.clock.advance(shop.house.clock.now() - house.clock.now())
  const { main } = createRequire(import.meta.url)(built) as {
    main(event: object, context: object): Promise<Fields>
  }
  t.match(await main({}, { SOURCE: 'timing' }), {
    errCode: 0,
    bills: [{ day: '20500101', state: 'done', open: 3, byType: { 'missing-here': 3 } }],
    failed: [],
  })
  const kept = await store.reports.differences(report?.id ?? '', 0, 10)
  t.same(kept.map(({ outTradeNo }) => outTradeNo).sort(), numbers)
  const { records } = await store.lists.eventHolders('waiting', { limit: 10 })
  t.equal(records.length, 3, 'each is told once')
})
