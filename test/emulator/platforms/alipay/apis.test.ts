import { createDecipheriv, createPublicKey, verify } from 'node:crypto'
import qrReader from 'jsqr'
import { PNG } from 'pngjs'
import t from 'tap'
import { startLocalPlatforms } from '../../../../tools/emulator/platforms/index.js'
import { send } from '../../../support/network/send.js'
import { openShopAlipay, type ShopAlipay } from './merchant.js'

const OAUTH = 'alipay.system.oauth.token'

const logIn = (shop: ShopAlipay, params: Record<string, string>) =>
  shop.call(OAUTH, undefined, { params: { grant_type: 'authorization_code', ...params } })

t.test('a login: the same user every time, under the id that the application is told', async (t) => {
  const shop = await openShopAlipay(t)
  const said = await logIn(shop, { code: 'demo-alice' })
  t.match(said, { key: 'alipay_system_oauth_token_response', isSigned: true })
  t.match(said.fields, {
    open_id: shop.platforms.alipay.openid('alice'),
    union_id: /./,
    access_token: /./,
    expires_in: '1296000',
    refresh_token: /./,
  })
  for (const absent of ['code', 'msg', 'user_id']) t.notOk(absent in said.fields, absent)
  t.match(shop.platforms.alipay.openid('alice'), /^[\w-]{33,128}$/)
  t.not(shop.platforms.alipay.openid('bob'), shop.platforms.alipay.openid('alice'))
  t.equal((await logIn(shop, { code: 'demo-alice' })).fields.open_id, said.fields.open_id)
  const another = await startLocalPlatforms()
  t.teardown(another.close)
  t.equal(another.alipay.openid('alice'), said.fields.open_id, 'on every machine')
})

t.test("a code of its own works once, anything else never, and failures are the gateway's", async (t) => {
  const shop = await openShopAlipay(t)
  const code = shop.platforms.alipay.login('alice')
  t.match((await logIn(shop, { code })).fields, { open_id: shop.platforms.alipay.openid('alice') })
  for (const bad of [code, '', 'alice', 'demo-', 'demo-a b']) {
    const said = await logIn(shop, { code: bad })
    t.match(said, {
      key: 'error_response',
      isSigned: true,
      fields: { code: '40002', sub_code: 'isv.code-invalid' },
    })
  }
  const inContent = await shop.call(OAUTH, { grant_type: 'authorization_code', code: 'demo-alice' })
  t.match(
    inContent.fields,
    { sub_code: 'isv.grant-type-invalid' },
    'these parameters travel beside the content',
  )
  t.throws(() => shop.platforms.alipay.login('a-b'), /name: expected/)
})

t.test('a refresh token gives new tokens, once', async (t) => {
  const shop = await openShopAlipay(t)
  const first = (await logIn(shop, { code: 'demo-alice' })).fields
  const again = { grant_type: 'refresh_token', refresh_token: String(first.refresh_token) }
  const second = (await logIn(shop, again)).fields
  t.equal(second.open_id, first.open_id)
  t.not(second.access_token, first.access_token)
  t.match((await logIn(shop, again)).fields, { sub_code: 'isv.refresh-token-invalid' })
  await shop.clock.advance(31 * 24 * 3600_000)
  const late = { grant_type: 'refresh_token', refresh_token: String(second.refresh_token) }
  t.match((await logIn(shop, late)).fields, { sub_code: 'isv.refresh-token-time-out' })
})

t.test('codes for pages: three pictures in which page and query can be read', async (t) => {
  const shop = await openShopAlipay(t)
  const make = (content: object) =>
    shop.call('alipay.open.app.qrcode.create', {
      ...{ url_param: 'pages/index/index', query_param: 'a=1&b=2', describe: 'tea' },
      ...content,
    })
  const { fields } = await make({ color: '0x00BFFF', size: 's' })
  t.match(fields, { code: '10000' })
  for (const name of ['qr_code_url', 'qr_code_url_circle_white', 'qr_code_url_circle_blue']) {
    const { status, body } = await send(String(fields[name]), { method: 'GET' })
    t.equal(status, 200)
    const { width, height, data } = PNG.sync.read(body)
    t.strictSame([width, height], [227, 227])
    const text = qrReader.default(Uint8ClampedArray.from(data), width, height)?.data ?? ''
    t.match(text, /^alipays:\/\/platformapi\/startapp\?/)
    const { appId } = shop.platforms.alipay.account
    t.strictSame(Object.fromEntries(new URL(text).searchParams), {
      ...{ appId, page: 'pages/index/index', query: 'a=1&b=2' },
    })
  }
  for (const wrong of [
    { url_param: '/pages/index/index' },
    { url_param: 'pages/index?x=1' },
    { query_param: null },
    { describe: 'x'.repeat(33) },
    { color: '#00BFFF' },
    { size: 'xl' },
  ]) {
    const said = await make(wrong)
    t.match(said, { isSigned: true, fields: { sub_code: 'isv.invalid-parameter' } }, JSON.stringify(wrong))
  }
})

t.test('messages: to one user, under one of the two names, with JSON inside JSON', async (t) => {
  const shop = await openShopAlipay(t)
  const to = shop.platforms.alipay.openid('alice')
  const data = JSON.stringify({ keyword1: { value: '12:00' } })
  const message = { to_open_id: to, user_template_id: 'T1', page: 'pages/index/index?a=1', data }
  const tell = async (content: object) =>
    (await shop.call('alipay.open.app.mini.templatemessage.send', { ...message, ...content })).fields
  t.strictSame(await tell({}), { code: '10000', msg: 'Success' })
  const wrong = 'isv.invalid-parameter'
  t.match(await tell({ data: { keyword1: { value: '12:00' } } }), { sub_code: wrong }, 'an object is no text')
  t.match(await tell({ data: '{"keyword1":"12:00"}' }), { sub_code: wrong })
  t.match(await tell({ user_template_id: '' }), { sub_code: wrong })
  t.match(await tell({ to_open_id: 'nobody' }), { sub_code: 'USER_NOT_EXIST' })
  t.match(await tell({ to_open_id: undefined, to_user_id: to }), { sub_code: 'USER_NOT_EXIST' })
})

t.test('a phone number is sealed and signed', async (t) => {
  const shop = await openShopAlipay(t)
  const { account, console } = shop.platforms.alipay
  const { response, sign, mobile } = shop.platforms.alipay.phoneNumber('alice')
  const der = Buffer.from(console.alipayPublicKey, 'base64')
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  t.ok(verify('sha256', Buffer.from(`"${response}"`), key, Buffer.from(sign, 'base64')))
  const cipher = createDecipheriv('aes-128-cbc', Buffer.from(account.aesKey, 'base64'), Buffer.alloc(16))
  const text = cipher.update(response, 'base64', 'utf8') + cipher.final('utf8')
  t.strictSame(JSON.parse(text), { code: '10000', msg: 'Success', mobile })
  t.match(mobile, /^139\d{8}$/)
})

t.test('from dependencies its process: controls for all of it', async (t) => {
  const { platforms, ...shop } = await openShopAlipay(t)
  const control = async (path: string, input?: object) => {
    const { body } = await send(`${platforms.url}/twin${path}`, {
      method: input ? 'POST' : 'GET',
      ...(input ? { body: JSON.stringify(input) } : {}),
    })
    return JSON.parse(body.toString()) as Record<string, unknown>
  }
  t.match(await control('/settings?provider=alipay'), {
    ALIPAY_APP_ID: platforms.alipay.account.appId,
    ALIPAY_SELLER_ID: /^2088/,
    ALIPAY_GATEWAY_URL: `${platforms.url}/gateway.do`,
  })
  t.match(await control('/alipay/login', { name: 'alice' }), {
    code: /^demo-alice-/,
    openid: platforms.alipay.openid('alice'),
  })
  t.match(await control('/alipay/phone-number', { name: 'alice' }), { mobile: /^139/ })
  t.match(await control('/alipay/rotate-certificate', {}), { error: /only keys/ })
  const text = shop.orderString('B1')
  t.match(await control('/alipay/open-cashier', { orderInfo: text }), { tradeNo: /^\d{28}$/ })
  t.match(await control('/request-payment', { orderInfo: text }), { order: { state: 'TRADE_SUCCESS' } })
  t.match(await control('/state'), {
    alipay: { orders: [{ outTradeNo: 'B1' }], people: [{ name: 'alice' }, {}] },
  })
})
