import http from 'node:http'
import t, { type Test } from 'tap'
import { type LocalPlatforms, startLocalPlatforms } from '../../../../tools/emulator/platforms/index.js'
import { handClock } from '../../../support/clock.js'
import { openShop } from '../weixin-pay-v2/merchant.js'

async function openPlatforms(t: Test): Promise<LocalPlatforms> {
  const platforms = await startLocalPlatforms({ clock: handClock() })
  t.teardown(() => platforms.close())
  return platforms
}

function statusWith(
  platforms: LocalPlatforms,
  headers: Record<string, string>,
  path = '/twin',
): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    http
      .get(`${platforms.url}${path}`, { headers }, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
  })
}

async function control(platforms: LocalPlatforms, path: string, input?: unknown) {
  const init = input === undefined ? {} : { method: 'POST', body: JSON.stringify(input) }
  const response = await fetch(`${platforms.url}${path}`, init)
  return { status: response.status, json: (await response.json()) as Record<string, unknown> }
}

t.test('only this machine is served', async (t) => {
  const platforms = await openPlatforms(t)
  t.equal(await statusWith(platforms, { host: `127.0.0.1:${platforms.port}` }), 200)
  t.equal(await statusWith(platforms, { host: 'localhost' }), 200)
  t.equal(await statusWith(platforms, { host: 'rebound.example.com' }), 403)
  t.equal(await statusWith(platforms, { host: '127.0.0.1.example.com' }), 403)
  t.equal(await statusWith(platforms, { origin: 'https://example.com' }), 403)
  t.equal(await statusWith(platforms, { origin: 'null' }), 403)
  t.equal(await statusWith(platforms, { origin: 'http://localhost:8080' }, '/cgi-bin/token'), 200)
  await t.rejects(startLocalPlatforms({ host: '0.0.0.0' }), /host/)
  await t.rejects(startLocalPlatforms({ port: platforms.port }), /EADDRINUSE/)
})

t.test('no page steers the local platforms, wherever it came from', async (t) => {
  const platforms = await openPlatforms(t)
  for (const path of ['/twin', '/twin/state', '/twin/nothing']) {
    t.equal(await statusWith(platforms, { origin: 'http://localhost:8080' }, path), 403)
    for (const site of ['cross-site', 'same-site', 'something-new']) {
      t.equal(await statusWith(platforms, { 'sec-fetch-site': site }, path), 403, site)
    }
  }
  t.equal(await statusWith(platforms, { 'sec-fetch-site': 'none' }), 200, 'an address that somebody typed')
  t.equal(await statusWith(platforms, { 'sec-fetch-site': 'same-origin' }), 200)
  t.equal(
    await statusWith(platforms, { 'sec-fetch-site': 'cross-site' }, '/cgi-bin/token'),
    200,
    'what WeChat is',
  )
})

t.test('what is received is kept as it came', async (t) => {
  const platforms = await openPlatforms(t)
  const body = Buffer.from('<xml>\u0000茶</xml>')
  await fetch(`${platforms.url}/pay/orderquery?a=1&a=2&b=%26`, {
    method: 'POST',
    body,
    headers: { 'X-Own': 'Yes' },
  })
  const [request] = platforms.requests
  t.match(request, { method: 'POST', path: '/pay/orderquery', api: 'weixin-pay-v2.orderquery' })
  t.strictSame({ ...request?.query }, { a: '1', b: '&' })
  t.equal(request?.headers['x-own'], 'Yes')
  t.ok(request?.body.equals(body))
})

t.test('unknown paths say where to look', async (t) => {
  const platforms = await openPlatforms(t)
  const response = await fetch(`${platforms.url}/pay/nothing`)
  t.equal(response.status, 404)
  t.match(await response.text(), /GET \/twin/)
  const ofWeixin = await fetch(`${platforms.url}/wxa/nothing`)
  t.match(await ofWeixin.json(), { errcode: 404, errmsg: /^not in the local WeChat.*GET \/twin/ })
})

const base64 = (text: string) => Buffer.from(text).toString('base64')

t.test('settings are what a deployment needs', async (t) => {
  const platforms = await openPlatforms(t)
  t.strictSame(platforms.settings(), {
    WEIXIN_APP_ID: platforms.app.appId,
    WEIXIN_APP_SECRET: platforms.app.secret,
    WEIXIN_OPEN_APP_ID: platforms.app.openAppId,
    WEIXIN_API_BASE_URL: platforms.url,
    WEIXIN_MCH_ID: platforms.merchant.mchId,
    WEIXIN_PAY_KEY: platforms.merchant.key,
    WEIXIN_PAY_CERT: base64(platforms.files.cert),
    WEIXIN_PAY_CERT_KEY: base64(platforms.files.key),
    WEIXIN_PAY_BASE_URL: platforms.secureUrl,
    WEIXIN_PAY_CA: base64(platforms.files.authority),
  })
  t.match(platforms.app, { appId: /^wx[0-9a-f]{16}$/, secret: /^[0-9a-f]{32}$/ })
})

t.test('the whole payment can be steered from outside', async (t) => {
  const { platforms, order, orderInfo, merchant } = await openShop(t)
  t.match(await control(platforms, '/twin/login', { name: 'alice' }), { json: { code: /^demo-alice-/ } })
  t.match(await control(platforms, '/twin/settings'), { json: { WEIXIN_API_BASE_URL: platforms.url } })
  const { prepay_id: prepayId = '' } = await order('steer-00001')
  const openid = platforms.openid('alice')
  const refused = await control(platforms, '/twin/request-payment', {
    orderInfo: orderInfo(prepayId),
    openid: 'oOther',
  })
  t.match(refused, { status: 400, json: { error: /^requestPayment:fail/ } })
  const paid = await control(platforms, '/twin/request-payment', { orderInfo: orderInfo(prepayId), openid })
  t.match(paid, { status: 200, json: { errMsg: 'requestPayment:ok', delivery: { state: 'delivered' } } })
  await order('steer-00002')
  t.match(await control(platforms, '/twin/pay', { order: 'steer-00002', couponFee: 1 }), { status: 200 })
  t.match(await control(platforms, '/twin/redeliver', { outTradeNo: 'steer-00002', times: 2 }), {
    status: 200,
  })
  t.equal(merchant.received.length, 4)
  t.match(await control(platforms, '/twin/tick', {}), { json: { ok: true } })
  const state = await control(platforms, '/twin/state')
  t.match(state.json['weixin-pay-v2'], {
    orders: [{ outTradeNo: 'steer-00001', state: 'SUCCESS', openid }, {}],
  })
  t.match(state.json.weixin, { people: [{ name: 'alice', openid }] })
  t.notMatch(JSON.stringify(state.json), /sessionKey/)
  const requests = await fetch(`${platforms.url}/twin/requests`)
  t.match(await requests.json(), [{ path: '/pay/unifiedorder', body: /steer-00001/ }])
})

t.test('controls refuse what makes no sense', async (t) => {
  const platforms = await openPlatforms(t)
  for (const [path, input, error] of [
    ['/twin/nothing', {}, /no such control/],
    ['/twin/pay', {}, /order/],
    ['/twin/pay', { order: 'nothing' }, /no such order/],
    ['/twin/pay', [], /JSON object/],
    ['/twin/login', { name: 'a-b' }, /name/],
    ['/twin/faults', { api: '/pay/unifiedorder', fault: 'sad' }, /expected one of busy/],
    ['/twin/faults', { api: '/pay/nothing', fault: 'busy' }, /no API/],
    ['/twin/faults', { api: 'auth.code2Session', fault: 'forged' }, /cannot meet forged; possible: busy/],
    ['/twin/faults', { api: 'wxacode.get', fault: 'busy', times: 0 }, /times/],
    ['/twin/request-payment', {}, /orderInfo/],
  ] as const) {
    const { status, json } = await control(platforms, path, input)
    t.ok(status >= 400, path)
    t.match(json, { error })
  }
})

t.test('faults meet the calls they were ordered for, in order, and no others', async (t) => {
  const { platforms, order, query } = await openShop(t)
  await order('fault-00001')
  await control(platforms, '/twin/faults', { api: '/pay/orderquery', fault: 'busy', times: 2 })
  platforms.faults.next('weixin-pay-v2.orderquery', 'wrong-merchant')
  t.match(await order('fault-00002'), { result_code: 'SUCCESS' })
  for (let i = 0; i < 2; i++) {
    t.match(await query('fault-00001'), { result_code: 'FAIL', err_code: 'SYSTEMERROR' })
  }
  t.match(await query('fault-00001'), { mch_id: /^(?!1900000109)/ })
  t.match(await query('fault-00001'), { mch_id: '1900000109', result_code: 'SUCCESS' })
  platforms.faults.next('/pay/orderquery', 'busy')
  platforms.faults.clear()
  t.strictSame(platforms.faults.pending(), [])
})

t.test('a lost answer was acted upon; a busy, silent or broken one was not', async (t) => {
  const { platforms, order, query } = await openShop(t)
  platforms.faults.next('/pay/unifiedorder', 'lost')
  await t.rejects(order('fault-00003'))
  t.match(await query('fault-00003'), { trade_state: 'NOTPAY' })
  platforms.faults.next('/pay/unifiedorder', 'html')
  await t.rejects(order('fault-00004'), /expected <xml>/)
  platforms.faults.next('/pay/unifiedorder', 'timeout')
  const signal = AbortSignal.timeout(100)
  await t.rejects(fetch(`${platforms.url}/pay/unifiedorder`, { method: 'POST', body: '<xml/>', signal }), {
    name: 'TimeoutError',
  })
  t.match(await query('fault-00004'), { err_code: 'ORDERNOTEXIST' })
  platforms.faults.next('/pay/unifiedorder', 'truncated')
  await t.rejects(order('fault-00005'))
  const token = `${platforms.url}/cgi-bin/token`
  platforms.faults.next('auth.getAccessToken', 'busy')
  t.match(await (await fetch(token)).json(), { errcode: -1, errmsg: /^system error rid: / })
})

t.test('closing does not wait for those who were left hanging', async (t) => {
  const platforms = await startLocalPlatforms()
  platforms.faults.next('/sns/jscode2session', 'timeout')
  const hanging = fetch(`${platforms.url}/sns/jscode2session`)
  while (platforms.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
  await platforms.close()
  await t.rejects(hanging)
})
