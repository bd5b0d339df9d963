import t, { type Test } from 'tap'
import type { CloudFunction } from '../../shared/runtime/index.js'
import { BUYER_ID, OPEN_ID } from '../alipay/fixtures.js'
import { inDeployment, APP_ID as WEIXIN_APP_ID } from '../weixin/deployment.js'
import { exampleOf, importFunction, startRecorder } from '../weixin/examples.js'
import { alipayServer } from './alipayServer.js'

/** Which platform a call means, where a deployment serves both. */

type Fields = Record<string, unknown>

const login = await importFunction('authCode2Session')
const openapi = await importFunction('openapi')

const WEIXIN_OPENID = 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o'
const ofAlipay = { user_id: BUYER_ID, access_token: 'secret-access' }

/** A deployment with both platforms behind it; `ask` calls as a device or a server whose context says `about`. */
async function deployed(
  t: Test,
  work: (ask: (fn: CloudFunction, input: object, about?: object) => Promise<Fields>) => Promise<void>,
  changes: Record<string, string> = {},
) {
  const recorder = await startRecorder()
  t.teardown(() => recorder.close())
  const [exchange] = exampleOf('authCode2Session').upstream
  const server = await alipayServer(t)
  await inDeployment({ weixin: recorder.url, env: { ...server.env, ...changes } }, () =>
    work((fn, input, about = {}) => {
      recorder.replies = exchange ? [exchange.reply] : []
      server.replies.splice(0, server.replies.length, ofAlipay)
      return fn.main(input, { SOURCE: 'client', ...about }) as Promise<Fields>
    }),
  )
}

t.test('the client says where it runs, the call may say otherwise', async (t) => {
  await deployed(t, async (ask) => {
    const code = 'c'
    t.match(await ask(login, { code }), { openid: WEIXIN_OPENID }, 'nothing said')
    for (const name of ['PLATFORM', 'uniPlatform']) {
      t.match(await ask(login, { code }, { [name]: 'mp-weixin' }), { openid: WEIXIN_OPENID })
      t.match(await ask(login, { code }, { [name]: 'mp-alipay' }), { openid: BUYER_ID })
      t.match(await ask(login, { code, platform: 'weixin' }, { [name]: 'mp-alipay' }), {
        openid: WEIXIN_OPENID,
      })
    }
    t.match(await ask(login, { code, platform: 'alipay' }, { PLATFORM: 'app' }), { openid: BUYER_ID })
    t.match(await ask(login, { code }, { PLATFORM: 'constructor' }), { openid: WEIXIN_OPENID })
    const viaOne = { api: 'auth.code2Session', data: { code } }
    t.match(await ask(openapi, viaOne, { PLATFORM: 'mp-alipay' }), { openid: BUYER_ID })
    const asked = { api: 'auth.code2Session', data: { code, platform: 'alipay' } }
    t.match(await ask(openapi, asked), { openid: BUYER_ID })
  })
})

t.test('an application is of one platform', async (t) => {
  await deployed(t, async (ask) => {
    const code = 'c'
    t.match(await ask(login, { code, appid: '2021000122671080' }), { openid: BUYER_ID })
    const weixin = { code, appid: WEIXIN_APP_ID }
    t.match(await ask(login, weixin, { PLATFORM: 'mp-alipay' }), { openid: WEIXIN_OPENID })
    t.match(await ask(login, { code, appid: '2021000000000000' }), { errCode: 'UNKNOWN_APP' })
    t.match(await ask(login, { ...weixin, platform: 'alipay' }), { errCode: 'UNKNOWN_APP' })
  })
})

t.test('where only one platform is in the settings it is that one', async (t) => {
  const without = { WEIXIN_APP_ID: '', WEIXIN_APP_SECRET: '' }
  await deployed(
    t,
    async (ask) => {
      t.match(await ask(login, { code: 'c' }), { openid: BUYER_ID })
      t.match(await ask(login, { code: 'c' }, { PLATFORM: 'mp-weixin' }), { errCode: 'MISSING_SETTING' })
    },
    without,
  )
})

t.test('servers: messages and any API go where the call says', async (t) => {
  const send = await importFunction('subscribeMessageSend')
  const server = { SOURCE: 'function' }
  const message = { touser: OPEN_ID, templateId: 'T1', data: { keyword1: { value: '1' } } }
  await deployed(t, async (ask) => {
    const refused = await ask(send, { ...message, platform: 'alipay', lang: 'zh_CN' }, server)
    t.match(refused, { errCode: 'INVALID_PARAM', errMsg: /^lang: unknown parameter/ })
    t.match(await ask(send, { ...message, lang: 'xx' }, server), { errMsg: /^lang: expected one of/ })
    t.match(await ask(send, { ...message, platform: 'both' }, server), {
      errMsg: /^platform: expected one of/,
    })
    t.match(await ask(send, message, { SOURCE: 'client', PLATFORM: 'mp-alipay' }), { errCode: 'FORBIDDEN' })
  })
})

t.test('a fresh code stands for a login on the platform that the client runs on', async (t) => {
  const [getOrderInfo, createOrder, wxacodeGet] = await Promise.all(
    ['getOrderInfo', 'createOrder', 'wxacodeGet'].map(importFunction),
  )
  if (!getOrderInfo || !createOrder || !wxacodeGet) throw new Error('no functions')
  const keys = { PAYMENT_PROVIDER: 'alipay', NOTIFY_BASE_URL: 'https://shop.example.com' }
  await deployed(
    t,
    async (ask) => {
      const order = { outTradeNo: 'P1', totalFee: 1, body: 'tea', openid: BUYER_ID, provider: 'alipay' }
      t.match(await ask(createOrder, order, { SOURCE: 'function' }), { state: 'CREATED' })
      const named = { outTradeNo: 'P1', code: 'c' }
      t.match(await ask(getOrderInfo, named, { PLATFORM: 'mp-weixin' }), { errCode: 'ORDER_NOT_FOUND' })
      // Her own order is found; what follows is Alipay's, which has no more to say here.
      t.match(await ask(getOrderInfo, named, { PLATFORM: 'mp-alipay' }), { errCode: 'UPSTREAM_INVALID' })
      const picture = { path: 'pages/index', code: 'c' }
      t.match(await ask(wxacodeGet, picture, { PLATFORM: 'mp-alipay' }), {
        errCode: 'INVALID_PARAM',
        errMsg: 'code: this function takes no logins of alipay',
      })
    },
    keys,
  )
})

t.test('a function of one platform is given no keys of the other', async (t) => {
  const settingsOf = async (name: string) => (await importFunction(name)).config.settings
  const isOf = (word: string) => (name: string) => name.startsWith(word)
  t.notOk((await settingsOf('wxacodeGet')).some(isOf('ALIPAY_')))
  for (const name of ['authCode2Session', 'subscribeMessageSend', 'openapiRequest', 'getOrderInfo']) {
    const settings = await settingsOf(name)
    t.ok(settings.includes('ALIPAY_PRIVATE_KEY') && settings.includes('WEIXIN_APP_SECRET'), name)
  }
  t.notOk((await settingsOf('verifyPaymentNotify')).includes('WEIXIN_APP_SECRET'))
})
