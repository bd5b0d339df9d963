import t, { type Test } from 'tap'
import { initAlipay, initWeixin } from '../../shared/library/index.js'
import type { CloudFunction } from '../../shared/runtime/index.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { type LocalPlatforms, startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { withHost } from '../runtime/probe.js'
import { refused } from '../support/refused.js'
import { importFunction } from '../weixin/examples.js'

/** Deployments that know one platform alone: no setting of the other one is there, and none is missed. */

type Fields = Record<string, unknown>

type Ask = (name: string, data: object, about?: object) => Promise<Fields>

const client = { SOURCE: 'client' }
const server = { SOURCE: 'function' }

const openapi = await importFunction('openapi')

const main = (fn: CloudFunction, data: object, about: object) => fn.main(data, about) as Promise<Fields>

/** By a function itself, and by the one for all. */
const ways: Record<string, Ask> = {
  directly: async (name, data, about = client) => main(await importFunction(name), data, about),
  dispatched: async (name, data, about = client) =>
    main(openapi, { api: (await importFunction(name)).config.operation, data }, about),
}

const env = (platforms: LocalPlatforms, words: RegExp): Record<string, string> =>
  Object.fromEntries(Object.entries(platforms.settings('alipay')).filter(([name]) => words.test(name)))

async function deployed(
  t: Test,
  words: RegExp,
  work: (platforms: LocalPlatforms, ask: Ask) => Promise<void>,
) {
  const platforms = await startLocalPlatforms()
  t.teardown(() => platforms.close())
  for (const [way, ask] of Object.entries(ways)) {
    const store = await openEmbeddedStore()
    await withHost({ store, env: env(platforms, words) }, async (log) => {
      await t.test(way, async () => work(platforms, ask))
      t.notMatch(log.join(), /UNEXPECTED/)
    })
    await store.close()
  }
}

t.test('Alipay alone', async (t) => {
  await deployed(t, /^ALIPAY_/, async (platforms, ask) => {
    const login = await ask('authCode2Session', { code: platforms.alipay.login('alice') })
    t.match(login, { errCode: 0, openid: platforms.alipay.openid('alice') })
    const { sessionToken } = login
    const { response, sign, mobile } = platforms.alipay.phoneNumber('alice')
    const known = { errCode: 0, phoneNumber: mobile }
    t.match(await ask('decryptGetPhoneNumber', { response, sign, sessionToken }), known)
    t.match(await ask('decryptGetPhoneNumber', { response, sign }, server), known)
    t.match(await ask('acodeGetMiniCode', { scene: 'a=1', sessionToken }), { qrCodeUrlCircleWhite: /^http/ })
    const fresh = { scene: 'a=1', code: platforms.alipay.login('alice') }
    t.match(await ask('acodeGetMiniCode', fresh), { errCode: 0 }, 'a fresh code stands for a login')
    for (const name of ['securityMsgSecCheck', 'securityImgSecCheck']) {
      t.match(await ask(name, { content: 'hello', sessionToken }), { errCode: 'NOT_OFFERED' })
      t.match(await ask(name, {}, server), { errCode: 'NOT_OFFERED' })
    }
    const message = { touser: login.openid, templateId: 'T1', data: { keyword1: { value: '1' } } }
    t.match(await ask('subscribeMessageSend', message, server), { errCode: 0 })
    const biz_content = { url_param: 'pages/index/index', query_param: 'a=1', describe: 'd' }
    const any = { method: 'alipay.open.app.qrcode.create', data: { biz_content } }
    t.match(await ask('openapiRequest', any, server), { qr_code_url: /^http/ })
    const other = { code: 'c', platform: 'weixin' }
    t.match(await ask('authCode2Session', other), { errCode: 'MISSING_SETTING', errMsg: /^WEIXIN_APP_ID / })
  })
})

t.test('WeChat alone', async (t) => {
  await deployed(t, /^WEIXIN_/, async (platforms, ask) => {
    const login = await ask('authCode2Session', { code: platforms.login('alice') })
    t.match(login, { errCode: 0, openid: platforms.openid('alice') })
    const { sessionToken } = login
    const text = { content: 'hello', scene: 1 }
    t.match(await ask('securityMsgSecCheck', { ...text, sessionToken }), { result: { suggest: 'pass' } })
    const fresh = { ...text, code: platforms.login('alice') }
    t.match(await ask('securityMsgSecCheck', fresh), { errCode: 0 }, 'a fresh code stands for a login')
    for (const [name, data, about] of [
      ['authCode2Session', { code: 'c', platform: 'alipay' }, client],
      ['acodeGetMiniCode', { scene: 'a=1' }, server],
      ['decryptGetPhoneNumber', { response: 'x', sign: 'y', platform: 'alipay' }, server],
    ] as const) {
      const missing = { errCode: 'MISSING_SETTING', errMsg: /^ALIPAY_APP_ID / }
      t.match(await ask(name, data, about), missing, name)
    }
  })
})

t.test('the library asks for the settings of its own platform alone', async (t) => {
  const platforms = await startLocalPlatforms()
  t.teardown(() => platforms.close())
  await withHost({}, async () => {
    const { appId, secret } = platforms.app
    const weixin = initWeixin({ appId, secret, endpoints: { weixinApi: platforms.url } })
    t.match(await weixin.auth.code2Session(platforms.login('alice')), { openid: platforms.openid('alice') })
    const alipay = initAlipay({
      appId: platforms.settings('alipay').ALIPAY_APP_ID ?? '',
      privateKey: platforms.alipay.console.privateKey,
      alipayPublicKey: platforms.alipay.console.alipayPublicKey,
      endpoints: { alipayGateway: `${platforms.url}/gateway.do` },
    })
    const { openid } = await alipay.auth.code2Session(platforms.alipay.login('alice'))
    t.equal(openid, platforms.alipay.openid('alice'))
    t.match(await alipay.acode.getMiniCode({ scene: 'a=1' }), { qrCodeUrl: /^http/ })
    t.equal(await refused(alipay.security.msgSecCheck({ content: 'hello' })), 'NOT_OFFERED')
  })
})
