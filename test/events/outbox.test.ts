import t, { type Test } from 'tap'
import { BACKOFF, deliver, JITTER } from '../../shared/events/delivery.js'
import { waitingEvent } from '../../shared/events/event.js'
import type { DueEvent, OrderRecord, PendingEvent } from '../../shared/store/port.js'
import { type House, openHouse } from '../payment/house.js'
import { order } from '../store/contract/records.js'

/** What the outbox promises: in order, each attempt once, nobody waits for another's receiver. */

const target = { EVENT_TARGET: 'function:onPayment' }

/** An order in which several things happened, none of them told. */
async function happened(house: House, outTradeNo: string, ...types: string[]): Promise<void> {
  const at = house.clock.now()
  const events = types.map((type) => waitingEvent(type, `${outTradeNo} ${type}`, { outTradeNo }, at))
  await house.store.orders.create(order({ outTradeNo, createdAt: at, updatedAt: at, events }))
}

const told = (house: House, outTradeNo?: string): string[] =>
  house.called
    .filter(({ data }) => outTradeNo === undefined || (data.data as OrderRecord).outTradeNo === outTradeNo)
    .map(({ data }) => String(data.type))

const statesIn = async (house: House, outTradeNo: string) =>
  (await house.order(outTradeNo)).events.map(({ type, state }) => [type, state])

const dueIn = async (house: House): Promise<DueEvent> => {
  const [due] = await house.store.events.due(house.clock.now(), 1)
  if (!due) throw new Error('nothing is due')
  return due
}

t.test('the events of an order arrive in their order, a failed one holding up those behind it', async (t) => {
  const house = await openHouse(t, target)
  house.onCall = async (_name, data) => ({ errCode: data.type === 'payment.paid' ? 'BUSY' : 0 })
  await happened(house, 'A', 'payment.paid', 'refund.succeeded', 'refund.closed')
  await happened(house, 'B', 'payment.closed')
  t.match(await house.timer('eventDispatch'), { delivered: 1, failed: 1 })
  t.same(told(house, 'A'), ['payment.paid'], 'the others wait')
  await house.clock.advance(4000)
  t.match(await house.timer('eventDispatch'), { delivered: 0, failed: 0 }, 'for its next attempt too')
  house.onCall = async () => ({ errCode: 0 })
  await house.clock.advance(2000)
  t.match(await house.timer('eventDispatch'), { delivered: 3, failed: 0 }, 'and then all follow in one run')
  t.same(told(house, 'A').slice(1), ['payment.paid', 'refund.succeeded', 'refund.closed'])
  t.same(await statesIn(house, 'A'), [
    ['payment.paid', 'delivered'],
    ['refund.succeeded', 'delivered'],
    ['refund.closed', 'delivered'],
  ])
})

t.test('behind a dead one they go on', async (t) => {
  const house = await openHouse(t, target)
  house.onCall = async (_name, data) => ({ errCode: data.type === 'payment.paid' ? 'BUSY' : 0 })
  await happened(house, 'A', 'payment.paid', 'refund.succeeded')
  const startedAt = house.clock.now()
  for (const wait of [0, ...BACKOFF]) {
    t.same(await statesIn(house, 'A'), [
      ['payment.paid', 'waiting'],
      ['refund.succeeded', 'waiting'],
    ])
    await house.clock.advance(wait * (1 + JITTER))
    await house.timer('eventDispatch')
  }
  t.same(await statesIn(house, 'A'), [
    ['payment.paid', 'dead'],
    ['refund.succeeded', 'delivered'],
  ])
  const days = (house.clock.now() - startedAt) / 86_400_000
  t.ok(days > 3 && days < 4, `${days} days`)
})

t.test('what failed together does not come back together', async (t) => {
  const house = await openHouse(t, target)
  house.onCall = async () => ({ errCode: 'BUSY' })
  let drawn = 0
  house.random = { bytes: (length) => Buffer.alloc(length, (37 * drawn++) % 256) }
  for (let n = 0; n < 12; n++) await happened(house, `J${n}`, 'payment.paid')
  await house.timer('eventDispatch')
  const at = house.clock.now()
  const waits = await Promise.all(
    Array.from({ length: 12 }, async (_, n) => ((await house.order(`J${n}`)).events[0]?.dueAt ?? 0) - at),
  )
  t.ok(new Set(waits).size > 6, `${waits}`)
  for (const wait of waits) t.ok(wait >= 5000 * (1 - JITTER) && wait <= 5000 * (1 + JITTER), `${wait}`)
})

/** A receiver whose answers a test gives by hand, attempt by attempt. */
function byHand() {
  const attempts: { succeed(): void; fail(): void }[] = []
  const deliverer = (): Promise<void> =>
    new Promise((resolve, reject) =>
      attempts.push({ succeed: resolve, fail: () => reject(new Error('too late')) }),
    )
  return { attempts, deliverer }
}

async function twoAttempts(t: Test, end: (attempts: ReturnType<typeof byHand>['attempts']) => void) {
  const house = await openHouse(t, target)
  await happened(house, 'A', 'payment.paid')
  const { attempts, deliverer } = byHand()
  const means = { store: house.store, clock: house.clock, random: house.random }
  const first = deliver(await dueIn(house), deliverer, means)
  while (attempts.length < 1) await new Promise(setImmediate)
  // The process of the first attempt hangs until its reservation has run out.
  await house.clock.advance(15_001)
  const second = deliver(await dueIn(house), deliverer, means)
  while (attempts.length < 2) await new Promise(setImmediate)
  end(attempts)
  const outcomes = (await Promise.all([first, second])).map(({ outcome }) => outcome)
  const [event] = (await house.order('A')).events
  return { house, outcomes, event: event as PendingEvent }
}

t.test('a late failure does not undo the success of a newer attempt', async (t) => {
  const { event, house, outcomes } = await twoAttempts(t, ([first, second]) => {
    second?.succeed()
    setImmediate(() => first?.fail())
  })
  t.same(outcomes, ['failed', 'delivered'])
  t.match(event, { state: 'delivered', attempts: 2 })
  await house.clock.advance(100 * 3600_000)
  t.match(await house.timer('eventDispatch'), { delivered: 0, failed: 0 })
})

t.test('nor does it end the reservation of a newer attempt that is under way', async (t) => {
  const { event, outcomes } = await twoAttempts(t, ([first, second]) => {
    first?.fail()
    setImmediate(() => setImmediate(() => second?.succeed()))
  })
  t.same(outcomes, ['failed', 'delivered'])
  t.match(event, { state: 'delivered', attempts: 2 })
  t.notOk('lastError' in event, 'nothing was written of it')
})

t.test('a receiver that hangs about some orders delays those alone', async (t) => {
  const house = await openHouse(t, target)
  house.onCall = (_name, data) =>
    String((data.data as OrderRecord).outTradeNo).startsWith('slow')
      ? new Promise(() => undefined)
      : Promise.resolve({ errCode: 0 })
  for (let n = 0; n < 10; n++) await happened(house, `slow${n}`, 'payment.paid')
  for (let n = 0; n < 60; n++) await happened(house, `fast${n}`, 'payment.paid', 'refund.succeeded')
  const running = house.timer('eventDispatch')
  const startedAt = house.clock.now()
  while (house.called.length < 130) await new Promise(setImmediate)
  t.equal(house.clock.now(), startedAt, 'all others were told before any clock moved')
  t.match(await house.clock.runUntil(running), { delivered: 120, failed: 10 })
})

t.test('events written before there were states', async (t) => {
  const house = await openHouse(t, target)
  const at = house.clock.now()
  const old = (id: string, dueAt: number, attempts: number): PendingEvent => ({
    ...{ id, type: 'payment.paid', data: '{"outTradeNo":"O"}', createdAt: at, attempts, dueAt },
  })
  const events = [old('given up', Number.MAX_SAFE_INTEGER, 10), old('waits', at, 1)]
  await house.store.orders.create(order({ outTradeNo: 'O', events }))
  t.match(await house.timer('eventDispatch'), { delivered: 1, failed: 0 })
  t.match(house.called, [{ data: { id: 'waits' } }])
})

t.test(
  'of what a receiver says is kept what a line has room for, and nothing that a terminal obeys',
  async (t) => {
    const house = await openHouse(t, target)
    house.onCall = async () => {
      throw new Error(`no\u001b[2J\u202e ${'x'.repeat(20_000_000)}`)
    }
    await happened(house, 'A', 'payment.paid')
    await house.timer('eventDispatch')
    const [event] = (await house.order('A')).events
    t.equal(event?.lastError?.length, 300)
    t.match(event?.lastError, /no \[2J x/)
  },
)
