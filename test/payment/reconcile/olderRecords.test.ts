import t from 'tap'
import { collections, openUniCloudStore } from '../../../shared/store/index.js'
import { notice, order } from '../../store/contract/records.js'
import { HAND_CLOCK_START } from '../../support/clock.js'
import { UniCloudDatabaseStandIn } from '../../support/unicloudDatabase.js'
import { type Fields, openHouse } from '../house.js'

/** What an older program wrote lacks the fields by which lists are made and bills compared now: the timer adds them. */

const NOW = HAND_CLOCK_START

/** As events were kept before they had a state: one that waits, and one that was given up. */
const waiting = {
  id: 'evt_waits',
  type: 'payment.paid',
  data: '{}',
  createdAt: NOW,
  attempts: 1,
  dueAt: NOW + 1e9,
}
const dead = { ...waiting, id: 'evt_dead', dueAt: Number.MAX_SAFE_INTEGER }
const dueBeside = { nextEventAt: NOW + 1e9 }

t.test('events of older orders and notices are listed, and paid ones are found by their time', async (t) => {
  const database = new UniCloudDatabaseStandIn()
  const write = (name: string, id: string, document: object) =>
    database.collection(name).add({ _id: id, ...document })
  const paid = {
    transactionId: '4200000000000000000000000001',
    timeEnd: '20491231235959',
    state: 'PAID' as const,
  }
  for (const [outTradeNo, events] of [
    ['A', [waiting]],
    ['B', [dead]],
    ['C', []],
  ] as const) {
    const { provider, merchantId, ...older } = order({ ...paid, outTradeNo, events: [...events] })
    const beside = { ...(events.length > 0 ? dueBeside : {}), transactionKey: `${provider}:${outTradeNo}` }
    const whole = { provider, merchantId, ...older, ...beside }
    await write(collections.orders.name, `${provider}:${merchantId}:${outTradeNo}`, whole)
  }
  const unmatched = notice({
    status: 'applied',
    verdict: 'unmatched',
    events: [{ ...dead, id: 'evt_notice' }],
  })
  const { id, ...fields } = unmatched
  await write(collections.notices.name, id, { id, ...fields, ...dueBeside })

  const house = await openHouse(t, {}, openUniCloudStore(database))
  const listed = async (given: Fields = {}): Promise<unknown[]> =>
    ((await house.server('eventList', given)).events as Fields[]).map(({ id }) => id).sort()
  const paidOnes = async () =>
    (await house.store.orders.paidFrom(order(), 0, 10)).map(({ outTradeNo }) => outTradeNo).sort()
  t.same(await listed(), [])
  t.same(await paidOnes(), [])

  for (let run = 0; run < 3; run++) t.match(await house.timer('eventDispatch'), { errCode: 0 })

  t.same(await listed(), ['evt_dead', 'evt_notice', 'evt_waits'])
  t.same(await listed({ state: 'dead' }), ['evt_dead', 'evt_notice'])
  t.same(await listed({ state: 'waiting' }), ['evt_waits'])
  t.same(await paidOnes(), ['A', 'B', 'C'])
  const writes = JSON.stringify(database.contents(collections.orders.name))
  await house.timer('eventDispatch')
  t.equal(JSON.stringify(database.contents(collections.orders.name)), writes, 'once')
})
