import t, { type Test } from 'tap'
import { makeDueAgain } from '../../shared/events/delivery.js'
import { type CollectionKey, collections } from '../../shared/store/collections.js'
import type { Documents, Filter, Selection } from '../../shared/store/documents.js'
import { storeOver } from '../../shared/store/store.js'
import { type Fields, openHouse } from './house.js'
import { ORDER_NO, openShop, type Shop } from './shop.js'

/** What servers read back: orders, what happened to them, and the messages that caused it. */

async function openWithOrders(t: Test): Promise<Shop> {
  const shop = await openShop(t, 'weixin-v3')
  await shop.pay()
  await shop.house.clock.advance(1000)
  await shop.place('T20500102')
  await shop.house.clock.advance(1000)
  await shop.house.server('createOrder', { outTradeNo: 'T20500103', totalFee: 1, body: 'bun' })
  return shop
}

const numbersOf = (answer: Fields) => (answer.orders as Fields[]).map(({ outTradeNo }) => outTradeNo)

t.test('orders by state, time, buyer and page', async (t) => {
  const { house, platforms } = await openWithOrders(t)
  const list = async (given: Fields = {}) => numbersOf(await house.server('orderList', given))
  const now = house.clock.now()
  t.same(await list(), ['T20500103', 'T20500102', ORDER_NO])
  t.same(await list({ state: 'PAID' }), [ORDER_NO])
  t.same(await list({ openid: platforms.openid('alice') }), ['T20500102', ORDER_NO])
  t.same(await list({ openid: platforms.openid('bob') }), [])
  t.same(await list({ since: now }), ['T20500103'])
  t.same(await list({ since: now - 1000, until: now }), ['T20500102'])
  const mchId = platforms.merchant.mchId
  t.same(await list({ provider: 'weixin-v3', mchId, state: 'CREATED' }), ['T20500103', 'T20500102'])
  t.same(await list({ provider: 'weixin-v2', mchId }), [])
  const first = await house.server('orderList', { limit: 2 })
  t.same(numbersOf(first), ['T20500103', 'T20500102'])
  await house.server('createOrder', { outTradeNo: 'T20500104', totalFee: 1, body: 'bun' })
  const second = await house.server('orderList', { limit: 2, cursor: first.cursor })
  t.same(numbersOf(second), [ORDER_NO])
  t.notOk('cursor' in second, 'the last page')
})

t.test('what is wrong is named, and an unreadable cursor is that', async (t) => {
  const house = await openHouse(t)
  for (const [given, message] of [
    [{ state: 'LOST' }, /^state: expected one of CREATED/],
    [{ cursor: 'bWluZQ' }, /^cursor: expected the cursor that the page before answered/],
    [{ limit: 0 }, /^limit: /],
    [{ mchId: '1900000109' }, /^provider: required with mchId/],
    [{ provider: 'alipay' }, /^mchId: required with provider/],
  ] as const) {
    t.match(await house.server('orderList', given), { errCode: 'INVALID_PARAM', errMsg: message })
  }
  t.match(await house.client('orderList'), { errCode: 'FORBIDDEN' })
  t.match(await house.server('orderHistory', { outTradeNo: 'T1' }), { errCode: 'ORDER_NOT_FOUND' })
})

t.test('everything that happened to an order, with its causes and their evidence', async (t) => {
  const shop = await openWithOrders(t)
  const { house } = shop
  await house.clock.advance(61_000)
  t.match(await shop.refund('R1', 500), { errCode: 0 })
  await shop.platforms.finishRefund('R1')
  const { transactionId } = await shop.order()
  const answer = await house.server('orderHistory', { outTradeNo: ORDER_NO })
  const evidence = `weixin-v3:${shop.platforms.merchant.mchId}:payment:${transactionId}`
  t.match(answer, {
    ...{ errCode: 0, outTradeNo: ORDER_NO, state: 'PARTIALLY_REFUNDED', refundedFee: 500 },
    history: [
      { from: null, to: 'CREATED', by: 'createOrder' },
      { from: 'CREATED', to: 'PAYING', by: 'getOrderInfo' },
      { from: 'PAYING', to: 'PAID', by: 'notice', evidence },
      { from: 'PAID', to: 'PARTIALLY_REFUNDED', evidence: /:refund:/ },
    ],
    refunds: [{ outRefundNo: 'R1', refundFee: 500, state: 'SUCCEEDED' }],
  })
  const { notices } = await house.server('noticeList', { outTradeNo: ORDER_NO })
  t.ok((notices as Fields[]).some(({ id }) => id === evidence))
})

t.test('messages by what they led to, and the refused ones', async (t) => {
  const { house } = await openWithOrders(t)
  const list = async (given: Fields = {}) => (await house.server('noticeList', given)).notices as Fields[]
  t.match(await list(), [{ kind: 'payment', status: 'applied', verdict: 'applied', outTradeNo: ORDER_NO }])
  t.equal((await list({ verdict: 'applied' })).length, 1)
  t.same(await list({ verdict: 'contradiction' }), [])
  t.same(await list({ refused: true }), [])
  await house.notice('<xml><return_code>SUCCESS</return_code></xml>')
  t.match(await list({ refused: true }), [{ id: /^refused:\d+$/, status: 'refused', reason: /./ }])
})

t.test('no answer has a secret: no token, no bytes of a message', async (t) => {
  const { house } = await openWithOrders(t)
  await house.notice('<xml>forged</xml>')
  const answers = [
    await house.server('orderList'),
    await house.server('orderHistory', { outTradeNo: 'T20500103' }),
    await house.server('noticeList'),
    await house.server('noticeList', { refused: true }),
  ]
  for (const answer of answers) {
    t.equal(answer.errCode, 0)
    t.notMatch(JSON.stringify(answer), /payToken|"evidence":"(?!weixin)|sessionKey|"rev"|"said"/)
  }
})

t.test(
  'events: those that wait, that were delivered, that were given up; and one is due again',
  async (t) => {
    const { house } = await openWithOrders(t)
    const list = async (given: Fields = {}) => (await house.server('eventList', given)).events as Fields[]
    const [event] = await list()
    t.match(event, {
      ...{ id: /^evt_/, type: 'payment.paid', state: 'delivered', outTradeNo: ORDER_NO, attempts: 1 },
      data: { outTradeNo: ORDER_NO, totalFee: 1999 },
    })
    t.equal((await list({ state: 'delivered' })).length, 1)
    t.same(await list({ state: 'dead' }), [])
    t.same(await list({ state: 'waiting' }), [])
    const { lists } = house.store
    const [source] = (await lists.eventHolders(undefined, { limit: 1 })).records
    const [stored] = source?.record.events ?? []
    if (!source || !stored) throw new Error('no event')
    t.equal(await makeDueAgain({ event: stored, source }, { store: house.store, clock: house.clock }), true)
    t.match(await list({ state: 'waiting' }), [{ id: event?.id, attempts: 0 }])
    await house.timer('eventDispatch')
    t.strictSame(
      house.called.map(({ data }) => data.id),
      [event?.id, event?.id],
      'sent again under the same id',
    )
  },
)

/** Narrow enough by itself that what else is asked for is looked for among what it leaves: one buyer, one order. */
const NARROW = ['openid', 'outTradeNo', 'status']

t.test('whatever is listed, filter and sort are the beginning of a declared index', async (t) => {
  const asked: { key: CollectionKey; filter: Filter; selection: Selection }[] = []
  const documents = {
    get: async () => undefined,
    async find(key: CollectionKey, filter: Filter, selection: Selection) {
      asked.push({ key, filter, selection })
      return []
    },
    close: async () => undefined,
  }
  const house = await openHouse(t, {}, storeOver(documents as unknown as Documents))
  const merchant = { provider: 'alipay', mchId: '1' }
  const cursor = Buffer.from('5.x').toString('base64url')
  for (const given of [{}, { openid: 'o' }, merchant]) {
    for (const more of [{}, { state: 'PAID' }, { since: 1, until: 9 }, { state: 'PAID', since: 1, cursor }]) {
      t.match(await house.server('orderList', { ...given, ...more }), { errCode: 0 })
    }
  }
  for (const given of [{}, merchant, { outTradeNo: 'T' }, { verdict: 'received' }]) {
    for (const more of [{}, { since: 1, until: 9 }, { cursor }]) {
      t.match(await house.server('noticeList', { ...given, ...more }), { errCode: 0 })
    }
  }
  t.match(await house.server('noticeList', { ...merchant, verdict: 'applied', cursor }), { errCode: 0 })
  t.match(await house.server('noticeList', { refused: true }), { errCode: 0 })
  for (const state of [undefined, 'waiting', 'dead']) {
    for (const more of [{}, { cursor }]) {
      t.match(await house.server('eventList', { state, ...more }), { errCode: 0 })
    }
  }
  for (const { key, filter, selection } of asked) {
    const narrow = Object.keys(filter).find((name) => NARROW.includes(name))
    const isTime = (name: string) => /^(createdAt|receivedAt|eventAt|deadEventAt|nextEventAt)$/.test(name)
    // Of one time there are a few, which are sorted by their ids.
    const time = Object.keys(filter).find(isTime) ?? selection.sort
    const equal = narrow ? [narrow] : Object.keys(filter).filter((name) => !isTime(name) && name !== '_id')
    const isServed = collections[key].indexes.some(({ fields }) => {
      const names: readonly string[] = fields
      return (
        names.length === equal.length + 1 && equal.every((n) => names.includes(n)) && names.at(-1) === time
      )
    })
    t.ok(isServed, JSON.stringify({ key, filter, selection }))
    t.ok(selection.limit <= 100, 'a page at a time')
  }
})
