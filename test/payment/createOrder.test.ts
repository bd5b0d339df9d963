import t from 'tap'
import { hashToken } from '../../shared/session.js'
import { APP_ID, MCH_ID, openHouse } from './house.js'

const ORDER = { outTradeNo: 'T20500101', totalFee: 1999, body: '一杯茶', openid: 'oAlice' }

t.test('what the server says is what is kept', async (t) => {
  const house = await openHouse(t)
  t.match(await house.server('createOrder', { ...ORDER, attach: 'mine', expireMinutes: 30 }), {
    ...{ errCode: 0, provider: 'weixin-v2', mchId: MCH_ID, outTradeNo: 'T20500101', totalFee: 1999 },
    state: 'CREATED',
    payToken: undefined,
  })
  t.match(await house.order('T20500101'), {
    ...{ appId: APP_ID, openid: 'oAlice', totalFee: 1999, currency: 'CNY', body: '一杯茶', attach: 'mine' },
    expiresAt: house.clock.now() + 30 * 60_000,
    history: [{ from: null, to: 'CREATED', by: 'createOrder' }],
    rev: 0,
  })
})

t.test('the same again is the same order; another is an error, and changes nothing', async (t) => {
  const house = await openHouse(t)
  await house.server('createOrder', ORDER)
  const before = await house.order('T20500101')
  t.match(await house.server('createOrder', ORDER), { errCode: 0, state: 'CREATED' })
  for (const change of [
    { totalFee: 1 },
    { body: 'coffee' },
    { openid: 'oBob' },
    { openid: undefined },
    { attach: 'x' },
  ]) {
    t.match(await house.server('createOrder', { ...ORDER, ...change }), { errCode: 'OUT_TRADE_NO_USED' })
  }
  t.strictSame(await house.order('T20500101'), before)
})

t.test('without an openid there is a token for this one order, kept as a hash alone', async (t) => {
  const house = await openHouse(t)
  const { openid: _openid, ...order } = ORDER
  const first = await house.server('createOrder', order)
  t.match(first.payToken, /^[\w-]{43}$/)
  t.equal((await house.order('T20500101')).payTokenHash, hashToken(String(first.payToken)))
  const second = await house.server('createOrder', order)
  t.not(second.payToken, first.payToken)
  t.equal(
    (await house.order('T20500101')).payTokenHash,
    hashToken(String(second.payToken)),
    'the newest works',
  )
  t.notMatch(JSON.stringify(house.log), String(second.payToken))
})

t.test('never for clients, whatever they bring', async (t) => {
  const house = await openHouse(t)
  const sessionToken = await house.login()
  t.match(await house.client('createOrder', { ...ORDER, sessionToken }), { errCode: 'FORBIDDEN' })
  house.env.OPENAPI_CLIENT_FUNCTIONS = 'createOrder'
  t.match(
    await house.client('createOrder', { ...ORDER, sessionToken }),
    { errCode: 'FORBIDDEN' },
    'nor when a setting names it',
  )
  t.strictSame(await house.store.orders.findByOutTradeNo('T20500101'), [])
})

t.test('bad input names the field', async (t) => {
  const house = await openHouse(t)
  const wrong: [string, object][] = [
    ['outTradeNo', { outTradeNo: undefined }],
    ['outTradeNo', { outTradeNo: '12345' }],
    ['outTradeNo', { outTradeNo: 'a'.repeat(33) }],
    ['outTradeNo', { outTradeNo: 'a b c d' }],
    ['outTradeNo', { outTradeNo: '订单订单订单' }],
    ['totalFee', { totalFee: undefined }],
    ['totalFee', { totalFee: 0 }],
    ['totalFee', { totalFee: -1 }],
    ['totalFee', { totalFee: 19.99 }],
    ['totalFee', { totalFee: '1999' }],
    ['totalFee', { totalFee: Number.NaN }],
    ['totalFee', { totalFee: 1e15 }],
    ['body', { body: '' }],
    ['body', { body: '茶'.repeat(129) }],
    ['body', { body: 'a\u0000b' }],
    ['body', { body: 'a\nb' }],
    ['attach', { attach: 'x'.repeat(128) }],
    ['openid', { openid: 'o<x>' }],
    ['provider', { provider: 'paypal' }],
    ['mchId', { mchId: 'x' }],
    ['expireMinutes', { expireMinutes: 0 }],
    ['total_fee', { total_fee: 1 }],
  ]
  for (const [field, change] of wrong) {
    const answer = await house.server('createOrder', { ...ORDER, ...change })
    t.match(answer, { errCode: 'INVALID_PARAM', errMsg: new RegExp(`^${field}: `) }, JSON.stringify(change))
  }
  t.match(await house.server('createOrder', { ...ORDER, mchId: '1900000199' }), {
    errCode: 'UNKNOWN_MERCHANT',
  })
})

t.test('missing settings are named', async (t) => {
  const house = await openHouse(t, { WEIXIN_MCH_ID: undefined })
  t.match(await house.server('createOrder', ORDER), {
    errCode: 'MISSING_SETTING',
    errMsg: /^WEIXIN_MCH_ID is not set\. Looked in/,
  })
  const other = await openHouse(t, { PAYMENT_PROVIDER: 'paypal' })
  t.match(await other.server('createOrder', ORDER), {
    errCode: 'INVALID_SETTING',
    errMsg: /^PAYMENT_PROVIDER/,
  })
})
