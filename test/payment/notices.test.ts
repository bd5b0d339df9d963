import t, { type Test } from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { crashingAfter } from './crashing.js'
import { type Fields, type House, MCH_ID, openHouse } from './house.js'
import { type Message, paid, signedXml } from './weixin-v2/message.js'

/** What a payment notice leaves behind, whatever happens meanwhile; test/payment/attacks has what must not count. */

const ORDER = { outTradeNo: 'T20500101', totalFee: 1999, body: 'tea', openid: 'oAlice' }
const NOTICE_ID = `weixin-v2:${MCH_ID}:payment:4200001234205001011234567890`

const accepted = { status: 200, body: /<return_code>SUCCESS</ }
const refused = { status: 200, body: /<return_code>FAIL</ }

const send = (house: House, changes: Message = {}) => house.notice(signedXml(paid(changes)))

const eventTypes = async (house: House) => {
  const due = await house.store.events.due(house.clock.now() + 1, 100)
  return due.flatMap(({ source }) => source.record.events.map(({ type }) => type))
}

t.test('first: the order moves, one event, success', async (t) => {
  const house = await openHouse(t)
  await house.server('createOrder', ORDER)
  t.match(await send(house, { cash_fee: '999', coupon_fee: '1000' }), accepted)
  const order = await house.order('T20500101')
  t.match(order, {
    state: 'PAID',
    transactionId: '4200001234205001011234567890',
    cashFee: 999,
    timeEnd: '20500101080000',
    history: [{ to: 'CREATED' }, { from: 'CREATED', to: 'PAID', by: 'notice' }],
  })
  t.strictSame(await eventTypes(house), ['payment.paid'])
  t.match(JSON.parse(order.events[0]?.data ?? ''), {
    outTradeNo: 'T20500101',
    transactionId: '4200001234205001011234567890',
    totalFee: 1999,
    cashFee: 999,
    feeType: 'CNY',
    provider: 'weixin-v2',
    merchantId: MCH_ID,
    state: 'PAID',
  })
  t.match(await house.store.notices.find(NOTICE_ID), { status: 'applied', verdict: 'applied' })
  t.match(house.log.at(-1), { errCode: 0, notes: [{ event: 'payment.notice', verdict: 'applied' }] })
})

t.test('a contradiction is recorded, with what was expected', async (t) => {
  const house = await openHouse(t)
  await house.server('createOrder', ORDER)
  t.match(await send(house, { total_fee: '1998' }), refused)
  const notice = await house.store.notices.find(NOTICE_ID)
  t.match(notice, { status: 'applied', verdict: 'contradiction' })
  t.match(JSON.parse(notice?.events[0]?.data ?? ''), { expected: { totalFee: 1999, feeType: 'CNY' } })
})

t.test('an order nobody made here: kept, with the evidence', async (t) => {
  const house = await openHouse(t)
  t.match(await send(house), accepted)
  const notice = await house.store.notices.find(NOTICE_ID)
  t.match(notice, { status: 'applied', verdict: 'unmatched', outTradeNo: 'T20500101' })
  t.match(Buffer.from(notice?.evidence ?? '', 'base64').toString(), /^content-type: text\/xml\r\n\r\n<xml>/)
})

t.test('closed, and paid all the same', async (t) => {
  const house = await openHouse(t)
  await house.server('createOrder', ORDER)
  const order = await house.order('T20500101')
  await house.store.orders.replace({ ...order, state: 'CLOSED' })
  t.match(await send(house), accepted)
  t.match(await house.order('T20500101'), { state: 'PAID' })
  t.strictSame(await eventTypes(house), ['payment.paidAfterClose'])
})

t.test('a refunded order is not paid again', async (t) => {
  for (const state of ['PARTIALLY_REFUNDED', 'REFUNDED'] as const) {
    const house = await openHouse(t)
    await house.server('createOrder', ORDER)
    await house.store.orders.replace({ ...(await house.order('T20500101')), state })
    t.match(await send(house), accepted)
    t.match(await house.order('T20500101'), { state, events: [] })
  }
})

t.test('store down: failure, and the provider comes again', async (t) => {
  const real = await openEmbeddedStore()
  const down = await openHouse(t, {}, crashingAfter(real, 0))
  t.match(await send(down), refused)
  t.match(down.log.at(-1), { errCode: 'STORE_UNAVAILABLE' })
  const up = await openHouse(t, {}, real)
  await up.server('createOrder', ORDER)
  t.match(await send(up), accepted)
  t.equal((await up.order('T20500101')).state, 'PAID')
})

t.test('a store that hangs: failure within four seconds', async (t) => {
  const real = await openEmbeddedStore()
  const hanging = {
    ...real,
    notices: { ...real.notices, receive: () => new Promise<never>(() => undefined) },
  }
  const house = await openHouse(t, {}, hanging)
  const startedAt = house.clock.now()
  t.match(await house.clock.runUntil(send(house)), refused)
  t.ok(house.clock.now() - startedAt <= 4000)
})

t.test('1,000 duplicates at once are one payment and one event', async (t) => {
  const house = await openHouse(t, { EVENT_TARGET: 'function:onPayment' })
  await house.server('createOrder', ORDER)
  const body = signedXml(paid())
  const answers = await Promise.all(Array.from({ length: 1000 }, () => house.notice(body)))
  t.ok(answers.every(({ body }) => /SUCCESS/.test(body)))
  const { history, state, events } = await house.order('T20500101')
  t.strictSame(
    history.map(({ to }) => to),
    ['CREATED', 'PAID'],
  )
  t.match({ state, events }, { state: 'PAID', events: [] })
  t.equal(house.called.length, 1, 'told once')
})

/** Delivered or still waiting: what the merchant has been or will be told. */
async function told(house: House): Promise<string[]> {
  for (let round = 0; round < 3; round++) {
    await house.clock.advance(3600 * 1000)
    await house.timer('eventDispatch')
  }
  return [...new Map(house.called.map(({ data }) => [data.id, String(data.type)])).values()]
}

interface Case {
  order: Fields
  notice: Message
  answer: object
  state: string
  event: string
}

const cases: Record<string, Case> = {
  paid: { order: ORDER, notice: {}, answer: accepted, state: 'PAID', event: 'payment.paid' },
  contradiction: {
    ...{ order: ORDER, notice: { total_fee: '1' }, answer: refused },
    ...{ state: 'CREATED', event: 'payment.contradiction' },
  },
  unmatched: {
    ...{ order: { ...ORDER, outTradeNo: 'T20500199' }, notice: {}, answer: accepted },
    ...{ state: 'CREATED', event: 'payment.unmatched' },
  },
}

t.test('the process dies after any write, and the notice is repeated', async (t) => {
  for (const [name, one] of Object.entries(cases)) {
    let whole = false
    for (let writes = 0; !whole && writes < 20; writes++) {
      await t.test(`${name}, after ${writes} writes`, async (t) => {
        whole = await crash(t, one, writes)
      })
    }
    t.ok(whole, `${name}: every write was walked`)
  }
})

/** Whether the process lived through it. */
async function crash(
  t: Test,
  { order, notice, answer, state, event }: Case,
  writes: number,
): Promise<boolean> {
  const target = { EVENT_TARGET: 'function:onPayment' }
  const store = await openEmbeddedStore()
  const outTradeNo = String(order.outTradeNo)
  await (await openHouse(t, target, store)).server('createOrder', order)
  const crashing = crashingAfter(store, writes)
  const dying = await openHouse(t, target, crashing)
  await send(dying, notice)
  const house = await openHouse(t, target, store)
  house.called.push(...dying.called)
  t.match(await send(house, notice), answer)
  t.match(await send(house, notice), answer, 'and once more')
  t.match(await house.order(outTradeNo), { state })
  t.equal((await house.order(outTradeNo)).history.length, state === 'PAID' ? 2 : 1)
  t.strictSame(await told(house), [event], 'one event')
  t.strictSame(await house.store.events.due(Number.MAX_SAFE_INTEGER, 10), [], 'and none is left')
  return crashing.written < writes
}

t.test('paid before it was placed here: the next word about it moves the order, once', async (t) => {
  const house = await openHouse(t)
  t.match(await send(house), accepted)
  t.strictSame(await eventTypes(house), ['payment.unmatched'])
  t.match(await send(house), accepted)
  t.strictSame(await eventTypes(house), ['payment.unmatched'], 'still unmatched, and told once')
  await house.server('createOrder', ORDER)
  t.match(await send(house), accepted)
  t.equal((await house.order('T20500101')).state, 'PAID')
  t.match(await send(house), accepted)
  t.strictSame((await eventTypes(house)).sort(), ['payment.paid', 'payment.unmatched'])
})

t.test('paid before it was placed here, for another amount: that is told as well', async (t) => {
  const house = await openHouse(t)
  await send(house)
  await house.server('createOrder', { ...ORDER, totalFee: 2999 })
  for (let times = 0; times < 2; times++) t.match(await send(house), refused)
  t.equal((await house.order('T20500101')).state, 'CREATED')
  t.strictSame((await eventTypes(house)).sort(), ['payment.contradiction', 'payment.unmatched'])
})
