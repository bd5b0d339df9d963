import t from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { failureOf, freshLibrary } from './built.js'
import { openShop } from './shop.js'

/** Logins, tokens and codes by the built library, against the local platforms. */

const TOKEN_API = 'auth.getStableAccessToken'

t.test('auth.code2Session takes the code alone, or by name', async (t) => {
  const { platforms, openapi } = await openShop(t)
  const { auth } = openapi('v3')
  const { openid, sessionKey, unionid, errCode } = await auth.code2Session(platforms.login('alice'))
  t.equal(openid, platforms.openid('alice'))
  t.match({ sessionKey, unionid, errCode }, { sessionKey: /^[\w+/]{22}==$/, unionid: String, errCode: 0 })
  t.match(await auth.code2Session({ code: platforms.login('alice') }), { openid, sessionKey })
  t.match(await failureOf(auth.code2Session('used up')), {
    name: 'OpenapiError',
    errCode: 40029,
    errMsg: /code/,
    advice: 'ask the user',
  })
  const nothing = undefined as unknown as string
  t.match(await failureOf(auth.code2Session(nothing)), {
    errCode: 'INVALID_PARAM',
    errMsg: /^code: required/,
  })
})

t.test('one token for all calls of a process, fetched once', async (t) => {
  const { platforms, openapi } = await openShop(t)
  const [one, other] = [openapi('v3'), openapi('v3')]
  const codes = [1, 2, 3].map((id) => one.wxacode.getUnlimited({ scene: `id=${id}` }))
  t.match(await Promise.all(codes), Array(3).fill({ contentType: 'image/jpeg', buffer: Buffer, errCode: 0 }))
  const { accessToken, expiresIn } = await other.auth.getAccessToken()
  t.match({ accessToken, expiresIn }, { accessToken: String, expiresIn: 7200 })
  t.equal(platforms.requests.filter(({ api }) => api === TOKEN_API).length, 1)
  t.ok(platforms.requests.every(({ query }) => [undefined, accessToken].includes(query.access_token)))
})

t.test('a token that WeChat does not accept any more is replaced within the call', async (t) => {
  const { platforms, openapi } = await openShop(t)
  const { wxacode, auth } = openapi('v3')
  const { accessToken } = await auth.getAccessToken()
  platforms.revokeToken(accessToken)
  t.match(await wxacode.get({ path: 'pages/index/index' }), { errCode: 0, buffer: Buffer })
  t.not((await auth.getAccessToken()).accessToken, accessToken)
})

t.test('a token that the caller brought is never replaced', async (t) => {
  const { platforms, openapi } = await openShop(t)
  const { wxacode } = openapi('v3', { accessToken: 'of the caller' })
  t.match(await failureOf(wxacode.get({ path: 'pages/index/index' })), { errCode: 40001, advice: 'refresh' })
  t.equal(platforms.requests.length, 1)
})

t.test('two processes with a store share a token', async (t) => {
  const { platforms } = await openShop(t)
  const store = openEmbeddedStore()
  t.teardown(async () => (await store).close())
  const { appId, secret } = platforms.app
  const options = { appId, secret, store, endpoints: { weixinApi: platforms.url } }
  const one = await freshLibrary().initWeixin(options).auth.getAccessToken()
  const other = await freshLibrary().initWeixin(options).auth.getAccessToken()
  t.equal(one.accessToken, other.accessToken)
  t.equal(platforms.requests.filter(({ api }) => api === TOKEN_API).length, 1)
})
