import t from 'tap'
import { type Json, openShopV3, type Tampering } from './merchant.js'

t.test('a request in good order is answered, and the answer is signed', async (t) => {
  const { order, platforms } = await openShopV3(t)
  const said = await order('signed-001')
  t.match(said, { status: 200, json: { prepay_id: /^wx\d{14}/ }, headers: { 'request-id': /^08/ } })
  t.match(said.signedBy, /^PUB_KEY_ID_\d{40}$/)
  t.equal(said.headers['wechatpay-signature-type'], 'WECHATPAY2-SHA256-RSA2048')
  t.match(platforms.requests[0], { api: 'weixin-pay-v3.jsapi', target: '/v3/pay/transactions/jsapi' })
})

t.test('whatever is wrong with a signature is refused, and the refusal is signed', async (t) => {
  const { call, clock, platforms, query } = await openShopV3(t)
  const target = `/v3/pay/transactions/out-trade-no/nothing1?mchid=${platforms.merchant.mchId}`
  const now = Math.floor(clock.now() / 1000)
  const tamperings: [string, Tampering][] = [
    ['none', { headers: { authorization: undefined } }],
    ['another scheme', { headers: { authorization: 'Bearer abc' } }],
    ['a stranger', { authorization: { mchid: '1900000108' } }],
    ['the platform serial', { authorization: { serial_no: Object.keys(platforms.platformKeys())[0] } }],
    ['no nonce', { authorization: { nonce_str: undefined } }],
    ['too old', { signed: { timestamp: String(now - 300) } }],
    ['from the future', { signed: { timestamp: String(now + 300) } }],
    ['milliseconds', { signed: { timestamp: String(clock.now()) } }],
    ['another method', { signed: { method: 'POST' } }],
    ['no query', { signed: { target: target.replace(/\?.*/, '') } }],
    ['another path', { signed: { target: '/v3/certificates' } }],
    ['another body', { signed: { body: '{}' } }],
    ['nonsense', { authorization: { signature: 'abc' } }],
  ]
  for (const [what, tampering] of tamperings) {
    const said = await call('GET', target, undefined, tampering)
    t.match(said, { status: 401, json: { code: 'SIGN_ERROR', message: /./ }, signedBy: /^PUB_KEY_ID_/ }, what)
  }
  t.match(await query('nothing1'), { status: 404, json: { code: 'ORDER_NOT_EXIST' } }, 'in good order')
})

t.test('the edges of the window, and a nonce that is used once', async (t) => {
  const { call, clock, platforms } = await openShopV3(t)
  const target = `/v3/pay/transactions/out-trade-no/nothing1?mchid=${platforms.merchant.mchId}`
  const now = Math.floor(clock.now() / 1000)
  const once = (signed: Tampering['signed']) => call('GET', target, undefined, signed ? { signed } : {})
  t.equal((await once({ timestamp: String(now - 299) })).status, 404)
  t.equal((await once({ timestamp: String(now + 299) })).status, 404)
  t.equal((await once({ nonce: 'again' })).status, 404)
  t.match(await once({ nonce: 'again' }), { status: 401, json: { message: /随机串/ } })
  await clock.advance(10 * 60_000)
  t.equal((await once({ nonce: 'again' })).status, 404)
})

t.test('headers that every request has to bring', async (t) => {
  const { call, platforms, order } = await openShopV3(t)
  const target = `/v3/pay/transactions/out-trade-no/nothing1?mchid=${platforms.merchant.mchId}`
  const get = (headers: Record<string, string | undefined>) => call('GET', target, undefined, { headers })
  const refusal = { status: 400, json: { code: 'PARAM_ERROR' } }
  t.match(await get({ accept: undefined }), refusal)
  t.match(await get({ accept: 'text/html' }), refusal)
  t.match(await get({ 'user-agent': undefined }), refusal)
  t.match(await get({ 'wechatpay-serial': 'PUB_KEY_ID_0' }), { ...refusal, signedBy: /^PUB_KEY_ID_/ })
  t.equal((await get({ accept: '*/*' })).status, 404)
  const [own = ''] = Object.keys(platforms.platformKeys())
  t.match(await get({ 'wechatpay-serial': own }), { status: 404, signedBy: own })
  const post = (headers: Record<string, string>, body: Json = {}) =>
    call('POST', '/v3/pay/transactions/jsapi', body, { headers })
  t.match(await post({ 'content-type': 'text/plain' }), refusal)
  t.match(await call('GET', '/v3/pay/transactions/jsapi'), { status: 405 })
  t.match(await order('emoji-0001', { description: 'tea 🍵' }), refusal, 'four bytes of UTF-8')
})

t.test('path and query are verified as they were sent, encoded', async (t) => {
  const { call, order, platforms } = await openShopV3(t)
  await order('a|b*c-_001')
  const find = (name: string, query = `mchid=${platforms.merchant.mchId}`) =>
    call('GET', `/v3/pay/transactions/out-trade-no/${name}?${query}`)
  t.match(await find('a%7Cb%2Ac-_001'), { status: 200, json: { out_trade_no: 'a|b*c-_001' } })
  t.match(await find('a%7cb*c-_001'), { status: 200 })
  t.match(await find('a%7Cb%2Ac-_001', `mchid=%31${platforms.merchant.mchId.slice(1)}`), { status: 200 })
  t.match(await find('a%7Cb%2Ac-_001', 'mchid=1900000108'), { status: 400, json: { code: 'MCH_NOT_EXISTS' } })
  t.match(await find('a%7Cb%2Ac-_001', 'mch_id=1'), {
    status: 400,
    json: { code: 'PARAM_ERROR', detail: { field: '/query/mchid', location: 'query' } },
  })
})

t.test('answers can be spoilt in every way, and nothing but the answer is', async (t) => {
  const { order, query, platforms } = await openShopV3(t)
  await order('spoilt-001')
  const [own = ''] = Object.keys(platforms.platformKeys())
  const api = 'weixin-pay-v3.queryByOutTradeNo'
  for (const fault of ['forged', 'unsigned', 'probe', 'stale', 'unknown-serial'] as const) {
    platforms.faults.next(api, fault)
    const said = await query('spoilt-001')
    t.match(said, { status: 200, json: { trade_state: 'NOTPAY' } }, fault)
    t.equal(said.signedBy, undefined, fault)
    const { 'wechatpay-signature': signature, 'wechatpay-serial': serial } = said.headers
    t.equal(signature === undefined, fault === 'unsigned', fault)
    t.equal(String(signature).startsWith('WECHATPAY/SIGNTEST/'), fault === 'probe', fault)
    if (fault !== 'unsigned') t.equal(serial === own, fault !== 'unknown-serial', fault)
  }
  platforms.faults.next(api, 'wrong-amount')
  t.match(await query('spoilt-001'), { json: { amount: { total: 2000 } }, signedBy: own })
  platforms.faults.next(api, 'wrong-merchant')
  t.match(await query('spoilt-001'), { json: { mchid: '1900000999' }, signedBy: own })
  platforms.faults.next(api, 'truncated')
  t.equal((await query('spoilt-001')).signedBy, undefined)
  platforms.faults.next(api, 'html')
  t.match(await query('spoilt-001'), { status: 502, text: /<html>/ })
  platforms.faults.next(api, 'denied')
  const denied = await query('spoilt-001')
  t.match(denied, { status: 404, json: { code: 'ORDER_NOT_EXIST' } })
  t.equal(denied.headers['wechatpay-signature'], undefined)
  t.match(await query('spoilt-001'), { json: { amount: { total: 1999 } }, signedBy: own })
})

t.test('busy answers are signed and tell nothing about whether it acted', async (t) => {
  const { order, query, platforms } = await openShopV3(t)
  const busy = { status: 500, json: { code: 'SYSTEM_ERROR' }, signedBy: /./ }
  platforms.faults.next('/v3/pay/transactions/jsapi', 'busy')
  t.match(await order('busy-00001'), busy)
  t.equal((await query('busy-00001')).status, 404)
  platforms.faults.next('/v3/pay/transactions/jsapi', 'busy-acted')
  t.match(await order('busy-00001'), busy)
  t.match(await query('busy-00001'), { status: 200, json: { trade_state: 'NOTPAY' } })
  platforms.faults.next('weixin-pay-v3.jsapi', 'lost')
  await t.rejects(order('busy-00002'))
  t.equal((await query('busy-00002')).status, 200)
})
