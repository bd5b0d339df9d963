import t, { type Test } from 'tap'
import {
  type LocalPlatformsOptions,
  startLocalPlatforms,
} from '../../../../tools/emulator/platforms/index.js'
import { handClock } from '../../../support/clock.js'

type Json = Record<string, unknown>

async function openWeixin(t: Test, options: LocalPlatformsOptions = {}) {
  const clock = handClock()
  const platforms = await startLocalPlatforms({ clock, ...options })
  t.teardown(() => platforms.close())
  const { appId, secret } = platforms.app
  const answered = async (response: Response): Promise<Json> => JSON.parse(await response.text()) as Json
  const get = async (path: string, query: Record<string, string>): Promise<Json> =>
    answered(await fetch(`${platforms.url}${path}?${new URLSearchParams(query)}`))
  const post = (path: string, body: unknown): Promise<Response> =>
    fetch(`${platforms.url}${path}`, {
      method: 'POST',
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const credentials = { grant_type: 'client_credential', appid: appId, secret }
  return {
    platforms,
    clock,
    get,
    post,
    credentials,
    plain: () => get('/cgi-bin/token', credentials),
    stable: async (more: Json = {}) =>
      answered(await post('/cgi-bin/stable_token', { ...credentials, ...more })),
    login: (code: string, more: Record<string, string> = {}) =>
      get('/sns/jscode2session', {
        ...{ appid: appId, secret, js_code: code, grant_type: 'authorization_code' },
        ...more,
      }),
    /** The errcode of a call under this token; 0 when it worked. */
    async codeOf(token: unknown, body: unknown = { scene: 'a=1' }, path = '/wxa/getwxacodeunlimit') {
      const response = await post(`${path}?access_token=${token}`, body)
      const isJson = response.headers.get('content-type')?.startsWith('application/json')
      return isJson ? (await answered(response)).errcode : 0
    },
  }
}

t.test('a name has one openid, at every login and on all local platforms', async (t) => {
  const { login, platforms } = await openWeixin(t)
  const alice = await login('demo-alice')
  t.match(alice, { openid: /^o[\w-]{27}$/, unionid: /^o[\w-]{27}$/ })
  t.equal(Buffer.from(String(alice.session_key), 'base64').length, 16)
  t.strictSame(await login('demo-alice'), alice)
  t.strictSame(await login('demo-alice-8f2c'), alice)
  t.equal((await (await openWeixin(t)).login('demo-alice')).openid, alice.openid)
  t.equal(platforms.openid('alice'), alice.openid)
  t.not((await login('demo-bob')).openid, alice.openid)
})

t.test('a code with more behind the name works once', async (t) => {
  const { login, platforms } = await openWeixin(t)
  const code = platforms.login('alice')
  t.match(await login(code), { openid: platforms.openid('alice') })
  t.match(await login(code), {
    errcode: 40029,
    errmsg: /^invalid code.* rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/,
  })
})

t.test('a login is refused as WeChat refuses it, and answered as text', async (t) => {
  const { login, platforms, post } = await openWeixin(t)
  t.match(await login('081aBc'), { errcode: 40029 })
  t.match(await login(''), { errcode: 41008 })
  t.match(await login('demo-alice', { appid: 'wx0' }), { errcode: 40013 })
  t.match(await login('demo-alice', { secret: 'wrong' }), { errcode: 40125 })
  t.match(await login('demo-alice', { appid: '' }), { errcode: 41002 })
  t.match(await login('demo-alice', { grant_type: 'password' }), { errcode: 40002 })
  t.match(await (await post('/sns/jscode2session', '')).json(), { errcode: 43001 })
  const response = await fetch(`${platforms.url}/sns/jscode2session`)
  t.equal(response.headers.get('content-type'), 'text/plain')
})

t.test('one user logs in a hundred times a minute', async (t) => {
  const { login, clock } = await openWeixin(t)
  for (let i = 0; i < 100; i++) await login('demo-alice')
  t.match(await login('demo-alice'), { errcode: 45011 })
  t.match(await login('demo-bob'), { openid: /^o/ })
  await clock.advance(60_000)
  t.match(await login('demo-alice'), { openid: /^o/ })
})

t.test('a plain token dies five minutes after the next one', async (t) => {
  const { plain, codeOf, clock } = await openWeixin(t)
  const first = await plain()
  t.match(first, { access_token: /^.{100,512}$/, expires_in: 7200 })
  const second = await plain()
  t.not(second.access_token, first.access_token)
  t.equal(await codeOf(first.access_token), 0)
  await clock.advance(300_000)
  t.equal(await codeOf(first.access_token), 40001)
  t.equal(await codeOf(second.access_token), 0)
  await clock.advance(6_900_000)
  t.equal(await codeOf(second.access_token), 42001)
})

t.test('a stable token stays until its last five minutes, and has then two valid successors', async (t) => {
  const { stable, plain, codeOf, clock } = await openWeixin(t)
  const first = await stable()
  await plain()
  await clock.advance(6_899_000)
  t.strictSame(await stable(), { access_token: first.access_token, expires_in: 301 })
  await clock.advance(1000)
  const second = await stable()
  t.not(second.access_token, first.access_token)
  t.equal(second.expires_in, 7200)
  t.equal(await codeOf(first.access_token), 0)
  t.equal(await codeOf(second.access_token), 0)
})

t.test('a forced token kills the old one, thirty seconds apart, twenty times a day', async (t) => {
  const { stable, codeOf, clock } = await openWeixin(t)
  const first = await stable()
  const forced = await stable({ force_refresh: true })
  t.not(forced.access_token, first.access_token)
  t.equal(await codeOf(first.access_token), 40001)
  await clock.advance(29_000)
  t.equal((await stable({ force_refresh: true })).access_token, forced.access_token, 'too soon: not renewed')
  for (let i = 2; i < 20; i++) {
    await clock.advance(30_000)
    await stable({ force_refresh: true })
  }
  t.match(await stable({ force_refresh: true }), { errcode: 45009 })
  t.match(await stable(), { expires_in: 7200 })
  await clock.advance(24 * 3600_000)
  t.match(await stable({ force_refresh: true }), { expires_in: 7200 })
})

t.test('the token endpoints hold to their own rules', async (t) => {
  const { stable, get, post, credentials } = await openWeixin(t)
  t.match(await stable({ secret: 'wrong' }), { errcode: 40125 })
  t.match(await stable({ secret: undefined }), { errcode: 41004 })
  t.match(await stable({ appid: 'wx0' }), { errcode: 40013 })
  t.match(await stable({ grant_type: 'x' }), { errcode: 40002 })
  t.match(await get('/cgi-bin/stable_token', credentials), { errcode: 43002 })
  t.match(await (await post('/cgi-bin/stable_token', '')).json(), { errcode: 44002 })
  t.match(await (await post('/cgi-bin/stable_token', 'appid=1')).json(), { errcode: 47001 })
  t.match(await get('/cgi-bin/token', { ...credentials, secret: 'wrong' }), { errcode: 40125 })
})

t.test('no call goes without a living token', async (t) => {
  const { stable, codeOf, platforms } = await openWeixin(t)
  const { access_token: token } = await stable()
  t.equal(await codeOf(''), 41001)
  t.equal(await codeOf('made-up'), 40001)
  platforms.revokeToken(String(token))
  t.equal(await codeOf(token), 40001)
  const { access_token: next } = await stable()
  t.not(next, token)
  platforms.faults.next('wxacode.getUnlimited', 'revoked-token')
  t.equal(await codeOf(next), 40001)
  t.equal(await codeOf((await stable()).access_token), 0)
})

t.test('a revoked token can be handed out still, until it is forced', async (t) => {
  const { stable, codeOf, platforms } = await openWeixin(t)
  const { access_token: dead } = await stable()
  platforms.revokeToken(undefined, { stillIssued: true })
  t.equal((await stable()).access_token, dead)
  t.equal(await codeOf(dead), 40001)
  const { access_token: fresh } = await stable({ force_refresh: true })
  t.equal(await codeOf(fresh), 0)
})

t.test('codes are pictures', async (t) => {
  const { stable, post } = await openWeixin(t)
  const { access_token: token } = await stable()
  const jpeg = await post(`/wxa/getwxacode?access_token=${token}`, { path: 'pages/index?a=1', width: 280 })
  t.equal(jpeg.headers.get('content-type'), 'image/jpeg')
  const jpegBytes = Buffer.from(await jpeg.arrayBuffer())
  t.strictSame(
    [jpegBytes.subarray(0, 3), jpegBytes.subarray(-2)],
    [Buffer.from('ffd8ff', 'hex'), Buffer.from('ffd9', 'hex')],
  )
  const png = await post(`/wxa/getwxacodeunlimit?access_token=${token}`, { scene: 'a', is_hyaline: true })
  t.equal(png.headers.get('content-type'), 'image/png')
  const pngBytes = Buffer.from(await png.arrayBuffer())
  t.equal(pngBytes.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n')
})

t.test('what a code asks for is checked', async (t) => {
  const { stable, codeOf } = await openWeixin(t, { app: { pages: ['pages/index/index'] } })
  const { access_token: token } = await stable()
  for (const [body, code] of [
    [{ path: 'pages/index/index' }, 0],
    [{ path: 'p'.repeat(1025) }, 40159],
    [{}, 40159],
    ['path=1', 40159],
    ['[]', 40159],
    ['', 44002],
    [{ path: 'p?scancode_time=1' }, 85096],
    [{ path: 'p', width: 279 }, 40097],
    [{ path: 'p', width: 1281 }, 40097],
    [{ path: 'p', width: '430' }, 40097],
    [{ path: 'p', auto_color: 'yes' }, 40097],
    [{ path: 'p', line_color: { r: 0, g: 0 } }, 40097],
    [{ path: 'p', line_color: { r: '0', g: 255, b: 256 } }, 40097],
    [{ path: 'p', line_color: { r: '0', g: 255, b: 25 } }, 0],
    [{ path: 'p', env_version: 'formal' }, 40097],
  ] as const) {
    t.equal(await codeOf(token, body, '/wxa/getwxacode'), code, JSON.stringify(body))
  }
  for (const [body, code] of [
    [{ scene: "a=1&b=!#$'()*+,/:;=?@-._~" }, 0],
    [{ scene: 's'.repeat(33) }, 40169],
    [{ scene: '' }, 40169],
    ['not json', 40169],
    [{ scene: '100%' }, 40129],
    [{ scene: '中文' }, 40129],
    [{ scene: 'a', page: 'pages/index/index' }, 0],
    [{ scene: 'a', page: '/pages/index/index' }, 41030],
    [{ scene: 'a', page: 'pages/index/index?a=1' }, 41030],
    [{ scene: 'a', page: 'pages/other' }, 41030],
    [{ scene: 'a', page: 'pages/other', check_path: false }, 0],
  ] as const) {
    t.equal(await codeOf(token, body), code, JSON.stringify(body))
  }
})
