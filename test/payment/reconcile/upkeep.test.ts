import t from 'tap'
import { keepDays } from '../../../shared/payment/upkeep/keepDays.js'
import { openEmbeddedStore } from '../../../shared/store/embedded/open.js'
import type { NoticeRecord, PendingEvent, Store } from '../../../shared/store/port.js'
import { notice, order } from '../../store/contract/records.js'
import { HAND_CLOCK_START } from '../../support/clock.js'
import { forEachStore } from '../../support/stores.js'
import { openHouse } from '../house.js'

/** What is kept has an end, and what is still needed has none. */

const DAY = 24 * 3600_000
const NOW = HAND_CLOCK_START
const daysAgo = (days: number): number => NOW - days * DAY

const event = (id: string, changes: Partial<PendingEvent>): PendingEvent => ({
  ...{ id, type: 'payment.paid', data: '{}', createdAt: NOW, attempts: 1, state: 'waiting' },
  ...changes,
})

const applied = (id: string, days: number, changes: Partial<NoticeRecord> = {}): NoticeRecord =>
  notice({
    id,
    status: 'applied',
    verdict: 'applied',
    receivedAt: daysAgo(days),
    appliedAt: daysAgo(days),
    ...changes,
  })

const idsOf = async ({ lists }: Store): Promise<string[]> =>
  (await lists.notices({}, { limit: 100 })).records.map(({ id }) => id).sort()

t.test('what is forgotten, and what never', async (t) => {
  await forEachStore(t, async (t, open) => {
    const store = await open()
    const house = await openHouse(t, { KEEP_DAYS: 'refused=10' }, store)
    const undelivered = [event('w', { dueAt: NOW, plannedAt: NOW })]
    for (const one of [
      applied('payment old', 401),
      applied('payment young', 399),
      applied('refund old', 401, { kind: 'refund' }),
      applied('bill old', 401, { kind: 'bill', events: [event('d', { state: 'dead', endedAt: NOW })] }),
      applied('given up', 401, {
        verdict: 'contradiction',
        events: [event('g', { state: 'dead', endedAt: daysAgo(398) })],
      }),
      applied('undelivered', 401, { verdict: 'unmatched', events: undelivered }),
      applied('unconfirmed', 401, {
        kind: 'refund',
        status: 'received',
        confirmAt: NOW + DAY,
        plannedAt: NOW,
      }),
      applied('message old', 31, { kind: 'message', events: undelivered }),
      applied('message young', 29, { kind: 'message' }),
    ]) {
      await store.notices.receive(one)
    }
    const told = (id: string, days: number) => event(id, { state: 'delivered', endedAt: daysAgo(days) })
    const dead = event('dead', { state: 'dead', endedAt: daysAgo(401) })
    const old = { createdAt: daysAgo(1000), updatedAt: daysAgo(1000), history: order().history }
    await store.orders.create(
      order({ ...old, state: 'PAID', events: [told('old', 31), dead, told('young', 29)] }),
    )
    const login = { provider: 'weixin' as const, appId: 'wx', openid: 'o' }
    await store.sessions.put({ ...login, tokenHash: 's', createdAt: daysAgo(3), expiresAt: daysAgo(2) })
    const code = { contentType: 'image/png', base64: '' }
    await store.codes.put({ ...code, key: 'over', expiresAt: daysAgo(2) })
    await store.codes.put({ ...code, key: 'there', expiresAt: NOW + DAY })
    const refused = { provider: 'alipay', reason: 'signature', evidence: '' }
    await store.notices.keepRefused({ ...refused, slot: 1, at: daysAgo(11) })
    await store.notices.keepRefused({ ...refused, slot: 2, at: daysAgo(9) })
    const token = { token: 't', fetchedAt: daysAgo(32) }
    for (const [key, end] of [['gone', 31] as const, ['used', -1] as const]) {
      await store.tokens.acquire(key, 'me', daysAgo(32), daysAgo(32) + 10)
      await store.tokens.write({ ...token, key, expiresAt: daysAgo(end) }, 'me', daysAgo(32))
    }

    const certificate = { provider: 'weixin-v3', merchantId: '1', serial: 'AA', pem: 'pem' }
    await store.certificates.put({ ...certificate, notBefore: daysAgo(3000), notAfter: daysAgo(1000) })

    for (let run = 0; run < 3; run++) t.match(await house.timer('eventDispatch'), { errCode: 0 })

    t.equal((await store.certificates.list('weixin-v3', '1')).length, 1, 'notices are replayed with old ones')
    t.same(await idsOf(store), ['given up', 'message young', 'payment young', 'unconfirmed', 'undelivered'])
    const kept = await store.orders.find(order())
    t.same(
      kept?.events.map(({ id }) => id),
      ['dead', 'young'],
      'an order loses its delivered events alone',
    )
    t.match(kept, { state: 'PAID', history: [{}], createdAt: daysAgo(1000) })
    t.equal((await store.lists.refused()).length, 1)
    t.equal(await store.tokens.read('gone'), undefined)
    t.match(await store.tokens.read('used'), { token: 't' })
    // A MongoDB server forgets these by its own clock.
    if (t.name !== 'MongoDB') t.equal(await store.codes.find('over', daysAgo(3)), undefined)
    t.ok(await store.codes.find('there', NOW))
    const { pruneAt = 0 } = (await store.upkeep.state()) ?? {}
    t.equal(pruneAt, NOW + DAY, 'until tomorrow')
  })
})

async function withOld(count: number, days: number): Promise<Store> {
  const store = await openEmbeddedStore()
  await Promise.all(Array.from({ length: count }, (_, n) => store.notices.receive(applied(`n${n}`, days))))
  return store
}

const countOf = async ({ lists }: Store): Promise<number> => {
  let [count, page] = [0, await lists.notices({}, { limit: 100 })]
  for (; page.end; page = await lists.notices({}, { limit: 100, after: page.end }))
    count += page.records.length
  return count + page.records.length
}

t.test('a little in each run, and once a day', async (t) => {
  const store = await withOld(1450, 401)
  const house = await openHouse(t, {}, store)
  const left: number[] = []
  for (let run = 0; run < 3; run++) {
    await house.timer('eventDispatch')
    left.push(await countOf(store))
  }
  t.ok((left[0] ?? 0) > 100 && (left[0] ?? 0) < 1450, `${left}`)
  t.equal(left.at(-1), 0)
  await store.notices.receive(applied('late', 401))
  await house.clock.advance(DAY / 2)
  await house.timer('eventDispatch')
  t.equal(await countOf(store), 1)
  await house.clock.advance(DAY / 2)
  await house.timer('eventDispatch')
  t.equal(await countOf(store), 0)
})

t.test('two runs at once', async (t) => {
  const store = await withOld(250, 401)
  const house = await openHouse(t, {}, store)
  const answers = await Promise.all([house.timer('eventDispatch'), house.timer('eventDispatch')])
  for (const answer of answers) t.match(answer, { errCode: 0 })
  t.notMatch(house.log, [{ notes: [{ event: 'upkeep.failed' }] }])
  t.equal(await countOf(store), 0)
})

t.test('a clock that is a year ahead for a while forgets nothing of that year', async (t) => {
  const store = await withOld(1, 300)
  const house = await openHouse(t, {}, store)
  await house.timer('eventDispatch')
  await house.clock.advance(365 * DAY)
  for (let run = 0; run < 3; run++) await house.timer('eventDispatch')
  t.equal(await countOf(store), 1)
  house.clock.setBack(365 * DAY)
  await house.timer('eventDispatch')
  await house.clock.advance(99 * DAY)
  await house.timer('eventDispatch')
  t.equal(await countOf(store), 1)
  for (let day = 0; day < 55; day++) {
    await house.clock.advance(DAY)
    await house.timer('eventDispatch')
  }
  t.equal(await countOf(store), 0, 'and it ends all the same')
})

t.test('a machine that began in 1970 and got its time later forgets from then on', async (t) => {
  const store = await withOld(1, 401)
  const house = await openHouse(t, {}, store)
  house.clock.setBack(NOW - DAY)
  await house.timer('eventDispatch')
  t.equal(await countOf(store), 1)
  await house.clock.advance(NOW - DAY)
  await house.timer('eventDispatch')
  t.equal(await countOf(store), 0)
})

t.test('KEEP_DAYS', async (t) => {
  const settings = (KEEP_DAYS?: string) => ({ get: () => KEEP_DAYS }) as never
  const defaults = { evidence: 400, messages: 30, events: 30, refused: 30 }
  t.same(keepDays(settings()), defaults)
  t.same(keepDays(settings('evidence=100, events = 7')), { ...defaults, evidence: 100, events: 7 })
  for (const wrong of [
    'evidence',
    'evidence=99',
    'orders=1',
    'refused=31',
    'evidence=-1',
    'evidence=400;events=1',
    'toString=9',
  ]) {
    t.throws(() => keepDays(settings(wrong)), { message: /^KEEP_DAYS/ }, wrong)
  }
  const house = await openHouse(
    t,
    { KEEP_DAYS: 'evidence=3', EVENT_TARGET: 'function:f' },
    await withOld(1, 401),
  )
  t.match(await house.timer('eventDispatch'), { errCode: 0 }, 'nothing else depends on it')
  t.match(house.log.at(-1), { notes: [{ event: 'upkeep.failed', why: /^KEEP_DAYS/ }] })
  t.equal(await countOf(house.store), 1)
})
