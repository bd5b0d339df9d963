import { createCipheriv } from 'node:crypto'
import t, { type Test } from 'tap'
import type { CloudFunction } from '../../shared/runtime/index.js'
import { AES_KEY, APP_ID as ALIPAY_APP_ID, OPEN_ID, platform, signWith } from '../alipay/fixtures.js'
import { inDeployment } from '../weixin/deployment.js'
import { exampleOf, importFunction, type Recorder, startRecorder } from '../weixin/examples.js'
import { ALIPAY_LOGIN, type AlipayServer, alipayServer } from './alipayServer.js'

/** End users' devices, at the functions that serve both platforms: nobody gets by as somebody of the other one. */

type Fields = Record<string, unknown>

const [openapi, phoneNumber, checkText, checkPicture, wxacodeGet, getMiniCode] = await Promise.all([
  importFunction('openapi'),
  importFunction('decryptGetPhoneNumber'),
  importFunction('securityMsgSecCheck'),
  importFunction('securityImgSecCheck'),
  importFunction('wxacodeGet'),
  importFunction('acodeGetMiniCode'),
])

const text = { content: 'hello', scene: 1 }
const picture = { mediaUrl: 'https://example.com/a.png', scene: 1 }

/** What `my.getPhoneNumber` gives a page, sealed and signed by Alipay. */
function sealedNumber() {
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(AES_KEY, 'base64'), Buffer.alloc(16))
  const word = JSON.stringify({ code: '10000', msg: 'Success', mobile: '13900000000' })
  const response = Buffer.concat([cipher.update(word), cipher.final()]).toString('base64')
  return { response, sign: signWith(platform.privateKey, `"${response}"`) }
}

const inputs: readonly (readonly [CloudFunction, () => object])[] = [
  [phoneNumber, sealedNumber],
  [phoneNumber, () => ({ code: 'of the button' })],
  [checkText, () => text],
  [checkPicture, () => picture],
]

interface Scene {
  recorder: Recorder
  server: AlipayServer
  /** The session tokens of one user of each platform. */
  weixin: string
  alipay: string
  /** A device calls; by the function itself, or by the one for all. */
  ask(fn: CloudFunction, data: object, about?: object): Promise<Fields>
  dispatched(fn: CloudFunction, data: object): Promise<Fields>
}

async function deployed(t: Test, work: (scene: Scene) => Promise<void>) {
  const recorder = await startRecorder()
  t.teardown(() => recorder.close())
  const server = await alipayServer(t)
  const ask: Scene['ask'] = (fn, data, about = {}) =>
    fn.main(data, { SOURCE: 'client', ...about }) as Promise<Fields>
  await inDeployment({ weixin: recorder.url, env: server.env }, async (logIn) =>
    work({
      ...{ recorder, server, ask },
      weixin: await logIn(),
      alipay: await logIn(ALIPAY_LOGIN),
      dispatched: (fn, data) => ask(openapi, { api: fn.config.operation, data }),
    }),
  )
}

t.test('a login of one platform does not pass for one of the other', async (t) => {
  await deployed(t, async ({ recorder, server, ask, dispatched, ...tokens }) => {
    for (const [fn, input] of inputs) {
      for (const [named, sessionToken, own] of [
        ['alipay', tokens.weixin, 'weixin'],
        ['weixin', tokens.alipay, 'alipay'],
      ]) {
        const refusal = {
          errCode: 'INVALID_PARAM',
          errMsg: `platform: not the one of this login, which is ${own}`,
        }
        const data = { ...input(), sessionToken, platform: named }
        t.match(await ask(fn, data), refusal, `${fn.config.name} ${named}`)
        t.match(await ask(fn, data, { PLATFORM: `mp-${named}` }), refusal)
        t.match(await dispatched(fn, data), refusal)
      }
    }
    t.strictSame([...recorder.requests, ...server.gateway.received], [], 'nothing was sent')
  })
})

t.test('what a device says it runs on does not turn a login into another', async (t) => {
  await deployed(t, async ({ recorder, ask, weixin, alipay }) => {
    recorder.replies = exampleOf('securityMsgSecCheck').upstream.map(({ reply }) => reply)
    const said = { PLATFORM: 'mp-alipay' }
    t.match(await ask(checkText, { ...text, sessionToken: weixin }, said), { errCode: 0 })
    const asWeixin = { PLATFORM: 'mp-weixin' }
    t.match(await ask(checkText, { ...text, sessionToken: alipay }, asWeixin), { errCode: 'NOT_OFFERED' })
    const sealed = sealedNumber()
    t.match(await ask(phoneNumber, { ...sealed, sessionToken: alipay }, asWeixin), {
      phoneNumber: '13900000000',
    })
    const stolen = await ask(phoneNumber, { ...sealed, sessionToken: weixin }, said)
    t.match(stolen, { errCode: 'INVALID_PARAM' })
    t.notMatch(JSON.stringify(stolen), /13900000000/)
  })
})

t.test('functions of one platform say that they do not serve users of the other', async (t) => {
  await deployed(t, async ({ recorder, server, ask, dispatched, weixin, alipay }) => {
    for (const [fn, data, errMsg] of [
      [wxacodeGet, { path: 'pages/index', sessionToken: alipay }, /^sessionToken: of a login on alipay/],
      [getMiniCode, { scene: 'a=1', sessionToken: weixin }, /^sessionToken: of a login on weixin/],
    ] as const) {
      t.match(await ask(fn, data), { errCode: 'INVALID_PARAM', errMsg })
      t.match(await dispatched(fn, data), { errCode: 'INVALID_PARAM', errMsg })
    }
    t.strictSame([...recorder.requests, ...server.gateway.received], [])
  })
})

t.test('without a login nobody gets in, whatever is named', async (t) => {
  await deployed(t, async ({ ask, dispatched }) => {
    for (const [fn, input] of inputs) {
      for (const named of [{}, { platform: 'weixin' }, { platform: 'alipay' }, { appid: ALIPAY_APP_ID }]) {
        const data = { ...input(), ...named }
        t.match(await ask(fn, data, { PLATFORM: 'mp-alipay' }), { errCode: 'LOGIN_REQUIRED' })
        t.match(await dispatched(fn, data), { errCode: 'LOGIN_REQUIRED' })
        t.match(await ask(fn, { ...data, sessionToken: 'made up' }), { errCode: 'LOGIN_REQUIRED' })
      }
    }
  })
})

t.test('an application of the other platform is not the one that the session logged in to', async (t) => {
  await deployed(t, async ({ ask, weixin }) => {
    const data = { ...text, sessionToken: weixin, appid: ALIPAY_APP_ID }
    t.match(await ask(checkText, data), { errCode: 'INVALID_PARAM', errMsg: /^appid: / })
  })
})

t.test(
  'a fresh code is of the platform that the call names, whatever the device says of itself',
  async (t) => {
    await deployed(t, async ({ recorder, server, ask }) => {
      server.replies.push({ user_id: ALIPAY_LOGIN.openid, access_token: 'secret-access' })
      const ofAlipay = { ...text, code: 'c', platform: 'alipay' }
      t.match(await ask(checkText, ofAlipay, { PLATFORM: 'mp-weixin' }), { errCode: 'NOT_OFFERED' })
      t.match(server.gateway.received, [{ method: 'alipay.system.oauth.token', code: 'c' }])
      recorder.replies = ['authCode2Session', 'securityMsgSecCheck'].flatMap((name) =>
        exampleOf(name).upstream.map(({ reply }) => reply),
      )
      const ofWeixin = { ...text, code: 'c', platform: 'weixin' }
      t.match(await ask(checkText, ofWeixin, { PLATFORM: 'mp-alipay' }), { errCode: 0 })
      t.equal(recorder.requests[0]?.query.js_code, 'c')
      const odd = { ...text, code: 'c', platform: 'constructor' }
      t.match(await ask(checkText, odd), { errCode: 'INVALID_PARAM', errMsg: /^platform: expected one of/ })
      t.equal(recorder.requests.length + server.gateway.received.length, 3)
    })
  },
)

t.test("another user's openid is not looked at", async (t) => {
  await deployed(t, async ({ recorder, ask, weixin, alipay }) => {
    recorder.replies = exampleOf('securityMsgSecCheck').upstream.map(({ reply }) => reply)
    t.match(await ask(checkText, { ...text, openid: 'oSomebodyElse', sessionToken: weixin }), { errCode: 0 })
    const [sent] = recorder.requests.map(({ bytes }) => JSON.parse(bytes.toString()) as Fields)
    t.equal(sent?.openid, 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o')
    const asked = { ...text, openid: OPEN_ID, sessionToken: alipay }
    t.match(await ask(checkText, asked), { errCode: 'NOT_OFFERED' })
  })
})

t.test('calls count together, whichever platform they name', async (t) => {
  await deployed(t, async ({ ask, dispatched, alipay, weixin }) => {
    const own = { ...text, sessionToken: alipay }
    for (let i = 0; i < 20; i++) {
      t.match(await ask(checkText, own), { errCode: 'NOT_OFFERED' })
      t.match(await ask(checkText, { ...own, platform: 'weixin' }), { errCode: 'INVALID_PARAM' })
      t.match(await dispatched(checkText, { ...own, platform: 'alipay' }), { errCode: 'NOT_OFFERED' })
    }
    for (const named of [{}, { platform: 'weixin' }, { platform: 'alipay' }]) {
      t.match(await ask(checkText, { ...own, ...named }), { errCode: 'TOO_MANY_REQUESTS' })
    }
    t.match(await dispatched(checkText, own), { errCode: 'TOO_MANY_REQUESTS' })
    const other = { ...text, sessionToken: weixin, platform: 'alipay' }
    t.match(await ask(checkText, other), { errCode: 'INVALID_PARAM' }, 'nobody pays for another')
  })
})
