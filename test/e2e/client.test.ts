import { join } from 'node:path'
import t from 'tap'
import { type CallFailure, callApi, callFunction } from '../../shared/client/index.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { openMiniProgram } from '../../tools/demo/miniProgram.js'
import { startLocalCloud } from '../../tools/emulator/cloud/index.js'
import { startLocalPlatforms } from '../../tools/emulator/platforms/index.js'

/** The typed client over the published uniCloud client, calling the built functions. */

const dist = join(import.meta.dirname, '..', '..', 'dist')

const failureOf = (call: Promise<unknown>): Promise<CallFailure> =>
  call.then(
    () => Promise.reject(new Error('not rejected')),
    (error) => error,
  )

t.test('a front end logs in and calls, by the functions and by the one for all', async (t) => {
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const platforms = await startLocalPlatforms()
  t.teardown(() => platforms.close())
  const cloud = await startLocalCloud({ dist, env: platforms.settings(), store, log: () => undefined })
  t.teardown(() => cloud.close())
  Object.assign(globalThis, { uniCloud: openMiniProgram({ endpoint: cloud.url }) })

  const { openid, sessionToken } = await callFunction('authCode2Session', { code: platforms.login('alice') })
  t.equal(openid, platforms.openid('alice'))
  const page = { path: 'pages/index/index', width: 430, sessionToken }
  const { contentType, base64 } = await callFunction('wxacodeGet', page)
  t.match(contentType, /^image\//)
  t.strictSame(await callApi('wxacode.get', page).then((answer) => answer.base64), base64)
  t.match(await callApi('auth.code2Session', { code: platforms.login('alice') }), { openid })

  const none = { ...page, sessionToken: 'nobody' }
  t.match(await failureOf(callFunction('wxacodeGet', none)), {
    errCode: 'LOGIN_REQUIRED',
    advice: 'ask the user',
  })
  t.match(await failureOf(callApi('wxacode.get', none)), { errCode: 'LOGIN_REQUIRED' })
  t.match(await failureOf(callApi('wxacode.createQRCode', page)), { errCode: 'FORBIDDEN' })
  t.match(await callFunction('securityMediaCheckResult', { traceId: 'none', sessionToken }), {
    state: 'waiting',
  })
})
