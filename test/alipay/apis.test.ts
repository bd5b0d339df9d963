import t, { type Test } from 'tap'
import { getMiniCode } from '../../shared/alipay/apis/acode.js'
import { code2Session } from '../../shared/alipay/apis/auth.js'
import { getPhoneNumber } from '../../shared/alipay/apis/decrypt.js'
import { request } from '../../shared/alipay/apis/request.js'
import { imgSecCheck, msgSecCheck } from '../../shared/alipay/apis/security.js'
import { send } from '../../shared/alipay/apis/subscribeMessage.js'
import { systemClock, systemRandom } from '../../shared/clock.js'
import { environmentSource, Settings } from '../../shared/config/index.js'
import { alipayAppSettings } from '../../shared/config/providerSettings.js'
import { openAes128Cbc, sealAes128Cbc } from '../../shared/crypto/index.js'
import type { Context, Operation } from '../../shared/operation/index.js'
import { login } from '../../shared/platform/login.js'
import { cloudFunction } from '../../shared/runtime/index.js'
import { openSession } from '../../shared/session.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { withHost } from '../runtime/probe.js'
import { refused } from '../support/refused.js'
import {
  AES_KEY,
  type Answerer,
  APP_ID,
  answered,
  BUYER_ID,
  biz,
  done,
  failed,
  type Gateway,
  keySettings,
  listen,
  merchant,
  OPEN_ID,
  pem,
  platform,
  sdk,
  signWith,
  stranger,
  testDependencies,
} from './fixtures.js'

/** Alipay's open APIs through the real front door, against a gateway on the loopback that the SDK guards. */

type Fields = Record<string, unknown>

interface Deployment {
  gateway: Gateway
  server(operation: Operation, input?: object): Promise<Fields>
  client(operation: Operation, input?: object): Promise<Fields>
  /** The session token of a logged-in user. */
  token: string
  log: string[]
}

const judge = sdk({ alipayPublicKey: pem(merchant.publicKey) })

async function deployed(
  t: Test,
  answer: Answerer,
  work: (deployment: Deployment) => Promise<void>,
  env: Record<string, string | undefined> = {},
): Promise<void> {
  const gateway = await listen(t, answer)
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const about = { store, clock: systemClock, random: systemRandom }
  const { sessionToken } = await openSession({ provider: 'alipay', appId: APP_ID, openid: BUYER_ID }, about)
  const host = {
    store,
    env: { ...keySettings(gateway.url), ...env },
  }
  const call = async (operation: Operation, input: object, context: object) =>
    (await cloudFunction(operation).main(input, context)) as Fields
  await withHost(host, (log) =>
    work({
      gateway,
      token: sessionToken,
      log,
      server: (operation, input = {}) => call(operation, input, { SOURCE: 'function' }),
      client: (operation, input = {}) => call(operation, input, { SOURCE: 'client', PLATFORM: 'mp-alipay' }),
    }),
  )
  for (const params of gateway.received) t.ok(judge.checkNotifySignV2(params), 'the SDK verifies the request')
}

const tokens = {
  access_token: 'secret-at',
  refresh_token: 'secret-rt',
  expires_in: '300',
  re_expires_in: 600,
  auth_start: 'x',
}

t.test('auth.code2Session', async (t) => {
  await deployed(
    t,
    (params) => answered(params, { user_id: BUYER_ID, union_id: 'u', ...tokens }),
    async ({ gateway, server }) => {
      const known = { errCode: 0, errMsg: 'ok', openid: BUYER_ID, userId: BUYER_ID, unionid: 'u' }
      t.strictSame(await server(code2Session, { code: 'c' }), known)
      t.match(gateway.received[0], {
        method: 'alipay.system.oauth.token',
        grant_type: 'authorization_code',
        code: 'c',
      })
      t.notOk('biz_content' in (gateway.received[0] ?? {}))
      t.notOk('need_key' in (gateway.received[0] ?? {}))
      t.strictSame(await server(code2Session, { code: 'c', needKey: true }), {
        ...known,
        accessToken: 'secret-at',
        refreshToken: 'secret-rt',
        expiresIn: 300,
        reExpiresIn: 600,
      })
      gateway.answer = (params) => answered(params, { open_id: OPEN_ID, ...tokens })
      t.match(await server(code2Session, { code: 'c' }), { openid: OPEN_ID, openId: OPEN_ID })
      gateway.answer = (params) => answered(params, tokens)
      t.match(await server(code2Session, { code: 'c' }), { errCode: 'UPSTREAM_INVALID' })
      t.match(await server(code2Session), { errCode: 'INVALID_PARAM', errMsg: /^code: required/ })
    },
  )
})

t.test('a login that Alipay refuses', async (t) => {
  const refusal = {
    code: '40002',
    msg: 'Invalid Arguments',
    sub_code: 'isv.code-invalid',
    sub_msg: '授权码code无效',
  }
  await deployed(
    t,
    () => JSON.stringify({ error_response: refusal }),
    async ({ server }) => {
      t.match(await server(code2Session, { code: 'c' }), {
        errCode: 'isv.code-invalid',
        errMsg: /授权码code无效/,
      })
    },
  )
})

t.test('a client logs in and sees no token of Alipay', async (t) => {
  await deployed(
    t,
    (params) => answered(params, { user_id: BUYER_ID, ...tokens }),
    async ({ client, log }) => {
      const answer = await client(login, { code: 'c' })
      t.match(answer, { errCode: 0, openid: BUYER_ID, expiresIn: Number })
      t.match(answer.sessionToken, /^[\w-]{43}$/)
      t.strictSame(Object.keys(answer).sort(), ['errCode', 'errMsg', 'expiresIn', 'openid', 'sessionToken'])
      t.notMatch(log.join('\n'), /secret-/)
    },
  )
})

t.test('logging in needs the private key alone, as the documents say', async (t) => {
  await deployed(
    t,
    (params) => answered(params, { user_id: BUYER_ID, ...tokens }, stranger.privateKey),
    async ({ server }) => {
      t.match(await server(code2Session, { code: 'c' }), { openid: BUYER_ID })
    },
    { ALIPAY_PUBLIC_KEY: undefined },
  )
})

const codes = {
  qr_code_url: 'https://mobilecodec.alipay.com/show.htm?code=a',
  qr_code_url_circle_white: 'https://mobilecodec.alipay.com/show.htm?code=b',
  qr_code_url_circle_blue: 'https://mobilecodec.alipay.com/show.htm?code=c',
}

t.test('acode.getMiniCode', async (t) => {
  await deployed(
    t,
    (params) => done(params, codes),
    async ({ gateway, server, client, token }) => {
      const pictures = {
        qrCodeUrl: codes.qr_code_url,
        qrCodeUrlCircleWhite: codes.qr_code_url_circle_white,
        qrCodeUrlCircleBlue: codes.qr_code_url_circle_blue,
      }
      const asked = {
        page: 'pages/goods/goods',
        scene: 'a=1&b=2',
        describe: '推广',
        color: '0x00BFFF',
        size: 's',
      }
      t.match(await server(getMiniCode, asked), pictures)
      t.strictSame(biz(gateway.received[0]), {
        url_param: 'pages/goods/goods',
        query_param: 'a=1&b=2',
        describe: '推广',
        color: '0x00BFFF',
        size: 's',
      })
      t.match(await client(getMiniCode, { scene: 'a=1', sessionToken: token }), pictures)
      t.strictSame(biz(gateway.received[1]), {
        url_param: 'pages/index/index',
        query_param: 'a=1',
        describe: '小程序码',
      })
      t.match(await server(getMiniCode, { page: '/pages/index', scene: 'a' }), { errMsg: /^page: / })
      t.match(await server(getMiniCode, { page: 'a?b=1', scene: 'a' }), { errMsg: /^page: / })
      t.match(await server(getMiniCode, {}), { errMsg: /^scene: required/ })
      t.match(await client(getMiniCode, { scene: 'a=1' }), { errCode: /./ }, 'not without a login')
      t.equal(gateway.received.length, 2)
    },
  )
})

t.test('subscribeMessage.send', async (t) => {
  const data = { keyword1: { value: '11' }, camelCase: { value: 'as it is', under_score: '1' } }
  const message = { touser: BUYER_ID, templateId: 'da4ce1b5', page: 'pages/index/index?a=1', data }
  await deployed(
    t,
    (params) => done(params),
    async ({ gateway, server, client, token }) => {
      t.strictSame(await server(send, message), { errCode: 0, errMsg: 'ok' })
      t.strictSame(biz(gateway.received[0]), {
        to_user_id: BUYER_ID,
        user_template_id: 'da4ce1b5',
        page: 'pages/index/index?a=1',
        data: JSON.stringify(data),
      })
      await server(send, { ...message, touser: OPEN_ID, page: undefined })
      t.match(biz(gateway.received[1]), { to_open_id: OPEN_ID })
      t.notOk('page' in biz(gateway.received[1]))
      gateway.answer = (params) => failed(params, 'aop.unknow-error', '20000')
      t.match(await server(send, message), { errCode: 'aop.unknow-error' })
      t.equal(gateway.received.length, 3, 'a message is not sent twice')
      t.match(await server(send, { ...message, data: 'x' }), { errCode: 'INVALID_PARAM' })
      t.match(await client(send, { ...message, sessionToken: token }), { errCode: 'FORBIDDEN' })
    },
  )
})

t.test('the generic request', async (t) => {
  await deployed(
    t,
    (params) => done(params, { some_field: { in_side: 1 }, camelCase: 2 }),
    async ({ gateway, server, client, token }) => {
      const bizContent = { url_param: 'p', extend_params: { hb_fq_num: 3, camelCase: '1' } }
      const call = { method: 'alipay.open.app.qrcode.create', data: { biz_content: bizContent } }
      t.strictSame(await server(request, call), {
        errCode: 0,
        errMsg: 'ok',
        some_field: { in_side: 1 },
        camelCase: 2,
      })
      t.strictSame(biz(gateway.received[0]), bizContent)
      const text = '{ "a": 1.0 }'
      await server(request, {
        method: 'alipay.x.y',
        data: { biz_content: text, notify_url: 'https://n', auth_token: 't', n: 5 },
      })
      t.match(gateway.received[1], { biz_content: text, notify_url: 'https://n', auth_token: 't', n: '5' })
      const wrong: [object, RegExp][] = [
        [{ method: 'alipay.x.y', data: { sign: 'x' } }, /^data\.sign: not expected/],
        [{ method: 'alipay.x.y', data: { app_id: 'x' } }, /^data\.app_id: /],
        [{ method: 'alipay.x.y', data: { biz_content: [1] } }, /^data\.biz_content: /],
        [{ method: 'alipay.x.y', data: { x: {} } }, /^data\.x: /],
        [{ method: 'https://evil' }, /^method: /],
        [{}, /^method: required/],
      ]
      for (const [input, message] of wrong) {
        t.match(await server(request, input), { errCode: 'INVALID_PARAM', errMsg: message })
      }
      t.match(await client(request, { ...call, sessionToken: token }), { errCode: 'FORBIDDEN' })
      t.equal(gateway.received.length, 2)
    },
  )
})

t.test('content checks: Alipay offers none, and nobody is told that a text is fine', async (t) => {
  await deployed(
    t,
    (params) => done(params),
    async ({ gateway, server, client, token }) => {
      for (const operation of [msgSecCheck, imgSecCheck]) {
        t.match(await server(operation, { content: 'x' }), {
          errCode: 'NOT_OFFERED',
          errMsg: /Alipay offers no/,
        })
        t.match(await client(operation, { content: 'x', sessionToken: token }), { errCode: 'NOT_OFFERED' })
      }
      t.equal(gateway.received.length, 0)
    },
  )
})

const box = { key: Buffer.from(AES_KEY, 'base64'), iv: Buffer.alloc(16) }
const sealed = (fields: object, key = box.key) =>
  sealAes128Cbc({ ...box, key }, Buffer.from(JSON.stringify(fields))).toString('base64')

t.test('decrypt.getPhoneNumber', async (t) => {
  const phone = { code: '10000', msg: 'Success', mobile: '13800000000' }
  const response = sealed(phone)
  const quoted = signWith(platform.privateKey, `"${response}"`)
  t.strictSame(JSON.parse(sdk({ encryptKey: AES_KEY }).aesDecrypt(response)), phone, 'the SDK opens it')
  t.ok(sdk().rsaCheck(`"${response}"`, quoted), 'and verifies it')
  await deployed(
    t,
    () => '',
    async ({ server, client, token, gateway }) => {
      const opened = { errCode: 0, phoneNumber: '13800000000' }
      t.match(await server(getPhoneNumber, { response, sign: quoted }), opened)
      t.match(await client(getPhoneNumber, { response, sign: quoted, sessionToken: token }), opened)
      const whole = JSON.stringify({
        response,
        sign: quoted,
        sign_type: 'RSA2',
        encrypt_type: 'AES',
        charset: 'UTF-8',
      })
      t.match(await server(getPhoneNumber, { response: whole }), opened, 'as my.getPhoneNumber gives it')
      const bare = signWith(platform.privateKey, response)
      t.match(await server(getPhoneNumber, { response, sign: bare }), opened, 'signed without the quotes')
      const refusal = sealed({
        code: '40003',
        msg: 'x',
        subCode: 'isv.insufficient-user-permissions',
        subMsg: '无权限',
      })
      t.match(
        await server(getPhoneNumber, {
          response: refusal,
          sign: signWith(platform.privateKey, `"${refusal}"`),
        }),
        { errCode: 'isv.insufficient-user-permissions' },
      )
      t.equal(gateway.received.length, 0)
    },
  )
})

t.test('phone numbers: whatever is wrong, the answer is the same', async (t) => {
  const phone = { code: '10000', mobile: '13800000000' }
  const good = sealed(phone)
  const by = (response: string, key = platform.privateKey) => ({
    response,
    sign: signWith(key, `"${response}"`),
  })
  const bytes = Buffer.from(good, 'base64')
  const broken = Buffer.from(bytes)
  broken[broken.length - 1] = (broken.at(-1) ?? 0) ^ 1
  const attempts: Record<string, object> = {
    "a stranger's signature": by(good, stranger.privateKey),
    "the merchant's own": by(good, merchant.privateKey),
    'no signature': { response: good },
    'a signature of another text': { response: good, sign: by('x').sign },
    'RSA in place of RSA2': { response: good, sign: signWith(platform.privateKey, `"${good}"`, 'RSA-SHA1') },
    'broken padding, signed': by(broken.toString('base64')),
    'cut short, signed': by(bytes.subarray(0, 15).toString('base64')),
    'another key, signed': by(sealed(phone, Buffer.alloc(16, 1))),
    'no JSON, signed': by(sealAes128Cbc(box, Buffer.from('x')).toString('base64')),
    'a list, signed': by(sealed([1])),
    'broken padding, not signed': { response: broken.toString('base64'), sign: 'x' },
    'not sealed': { response: JSON.stringify(phone), sign: 'x' },
    'not sealed, in one': { response: JSON.stringify({ response: phone, sign: 'x' }) },
  }
  await deployed(
    t,
    () => '',
    async ({ server }) => {
      const answers = new Set<string>()
      for (const [name, input] of Object.entries(attempts)) {
        const { requestId: _id, ...answer } = await server(getPhoneNumber, input)
        if (name !== 'a list, signed') t.match(answer, { errCode: 'DECRYPTION_FAILED' }, name)
        if (name !== 'a list, signed') answers.add(JSON.stringify(answer))
      }
      t.equal(answers.size, 1)
    },
  )
  t.throws(() => openAes128Cbc(box, broken), /not opened/)
})

t.test('phone numbers need both keys', async (t) => {
  for (const missing of ['ALIPAY_AES_KEY', 'ALIPAY_PUBLIC_KEY']) {
    await deployed(
      t,
      () => '',
      async ({ server }) => {
        t.match(await server(getPhoneNumber, { response: 'x', sign: 'x' }), {
          errCode: 'MISSING_SETTING',
          errMsg: new RegExp(missing),
        })
      },
      { [missing]: undefined },
    )
  }
})

t.test('two applications: each call with its own id and key', async (t) => {
  const OTHER = '2021000122671081'
  const gateway = await listen(t, (params) => done(params, codes))
  const env = {
    ALIPAY_APP_ID: APP_ID,
    ALIPAY_PRIVATE_KEY: pem(merchant.privateKey),
    ALIPAY_PUBLIC_KEY: pem(platform.publicKey),
    ALIPAY_GATEWAY_URL: gateway.url,
    ALIPAY_APPS: JSON.stringify([
      { appId: OTHER, privateKey: pem(stranger.privateKey), publicKey: pem(platform.publicKey) },
    ]),
  }
  const settings = new Settings([environmentSource(env)], new Set(alipayAppSettings))
  const context = (appId?: string): Context => ({
    ...testDependencies(),
    ...{ source: 'server', settings, hasStore: false, requestId: 'r', appId },
    store: () => Promise.reject(new Error('none here')),
    note: () => undefined,
  })
  const call = (appId?: string) => getMiniCode.run({ page: 'p', scene: 'a', describe: 'x' }, context(appId))
  await Promise.all([call(), call(OTHER), call(APP_ID), call(OTHER)])
  t.equal(await refused(call('2021000000000000')), 'UNKNOWN_APP')
  const otherJudge = sdk({ alipayPublicKey: pem(stranger.publicKey) })
  t.strictSame(gateway.received.map(({ app_id }) => app_id).sort(), [APP_ID, APP_ID, OTHER, OTHER])
  for (const params of gateway.received) {
    t.ok((params.app_id === OTHER ? otherJudge : judge).checkNotifySignV2(params))
  }
})
