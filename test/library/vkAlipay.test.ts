import t, { type Test } from 'tap'
import type { Vk } from '../../shared/library/index.js'
import { newKeyPair } from '../../tools/emulator/platforms/certificates/index.js'
import {
  type Answerer,
  APP_ID,
  BUYER_ID,
  biz,
  done,
  failed,
  type Gateway,
  listen,
  merchant,
  pem,
} from '../alipay/fixtures.js'
import { freshLibrary } from './built.js'

/** What the document of `vk.openapi.alipay` shows, every method under its own name. */

const other = { appid: '2021000000000002', privateKey: pem(newKeyPair().privateKey) }

async function open(t: Test, answer: Answerer): Promise<Gateway & Vk['openapi']> {
  const gateway = await listen(t, answer)
  const { openapi } = freshLibrary().vk({
    'mp-alipay': { oauth: { alipay: { appid: APP_ID, privateKey: pem(merchant.privateKey) } } },
    vk: { oauth: { alipay: { list: [other] } } },
    endpoints: { alipayGateway: gateway.url },
  })
  return Object.assign(gateway, openapi)
}

t.test('auth.code2Session', async (t) => {
  const { alipay } = await open(t, (params) =>
    done(params, { user_id: BUYER_ID, access_token: 'of the user', refresh_token: 'r', expires_in: '300' }),
  )
  const { code, openid, accessToken } = await alipay.auth.code2Session({ code: 'a code', needKey: false })
  t.same({ code, openid, accessToken }, { code: 0, openid: BUYER_ID, accessToken: undefined })
  t.match(await alipay.auth.code2Session({ code: 'a code', needKey: true }), { accessToken: 'of the user' })
})

t.test('acode.getMiniCode', async (t) => {
  const { alipay, received } = await open(t, (params) =>
    done(params, {
      qr_code_url: 'https://mobilecodec.alipay.com/1',
      qr_code_url_circle_white: 'https://mobilecodec.alipay.com/2',
      qr_code_url_circle_blue: 'https://mobilecodec.alipay.com/3',
    }),
  )
  t.match(await alipay.acode.getMiniCode({ page: 'pages/index/index', scene: 'a=1&b=2' }), {
    code: 0,
    qr_code_url: /1$/,
    qr_code_url_circle_white: /2$/,
    qr_code_url_circle_blue: /3$/,
  })
  t.match(received[0], { method: 'alipay.open.app.qrcode.create' })
  t.match(biz(received[0]), { url_param: 'pages/index/index', query_param: 'a=1&b=2' })
})

t.test('security.msgSecCheck and security.imgSecCheck', async (t) => {
  const { alipay, received } = await open(t, () => '')
  t.match(await alipay.security.msgSecCheck({ content: 'x' }), {
    code: -1,
    errCode: 'NOT_OFFERED',
    msg: /Alipay/,
  })
  t.match(await alipay.security.imgSecCheck({ base64: 'x' }), { code: -1, errCode: 'NOT_OFFERED' })
  t.equal(received.length, 0)
})

t.test('subscribeMessage.send', async (t) => {
  const gateway = await open(t, (params) => done(params))
  const message = {
    touser: BUYER_ID,
    template_id: 'da4ce1b528614c7fae371bcad1914ebe',
    page: 'pages/index/index',
    data: { keyword1: { value: '11' }, keyword2: { value: '22' } },
  }
  t.match(await gateway.alipay.subscribeMessage.send(message), { code: 0 })
  t.match(biz(gateway.received[0]), { to_user_id: BUYER_ID, user_template_id: message.template_id })
  gateway.answer = (params) => failed(params, 'TEMPLATE_NOT_FOUND')
  t.match(await gateway.alipay.subscribeMessage.send(message), {
    code: -1,
    errCode: 'TEMPLATE_NOT_FOUND',
    msg: /TEMPLATE_NOT_FOUND/,
  })
})

t.test('request', async (t) => {
  const { alipay, received } = await open(t, (params) =>
    done(params, { qr_code_url: 'https://a/1', someKey: 1 }),
  )
  const biz_content = { url_param: 'pages/index/index', query_param: 'a=1&b=2', describe: '推广' }
  const answer = await alipay.request({ method: 'alipay.open.app.qrcode.create', data: { biz_content } })
  t.strictSame(
    answer,
    { code: 0, msg: 'ok', qr_code_url: 'https://a/1', someKey: 1 },
    "in Alipay's own words",
  )
  t.strictSame(biz(received[0]), biz_content)
})

t.test('several applications', async (t) => {
  const { alipay, received } = await open(t, (params) =>
    done(params, { user_id: BUYER_ID, access_token: 'x' }),
  )
  t.match(await alipay.auth.code2Session({ code: 'x', appid: other.appid }), { code: 0 })
  const third = { appid: '2021000000000003', privateKey: other.privateKey }
  t.match(await alipay.auth.code2Session({ code: 'x', ...third }), { code: 0 })
  t.match(received, [{ app_id: other.appid }, { app_id: third.appid }])
  const unknown = await alipay.auth.code2Session({ code: 'x', appid: third.appid })
  t.match(unknown, { code: -1, msg: /vk\.oauth\.alipay\.list/ })
})
