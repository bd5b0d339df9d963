import t from 'tap'
import { openMiniProgram } from '../../../tools/demo/miniProgram.js'
import { ECHO, failureOf, openLocalCloud } from './localCloud.js'

/** A development build of the published client, as HBuilderX starts it, prefers the debugging door. */

/** The first is always the library's request for an access token, which debugging does not use. */
const pathsOf = (phone: ReturnType<typeof openMiniProgram>) =>
  phone.requests.map(({ url }) => new URL(url).pathname)

t.test('a function that is here runs here, without a signature and with the rank of a client', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  const phone = openMiniProgram({ endpoint: cloud.url, debugging: true })
  phone.storage.set('uni_id_token', 'signed-in')
  const { result } = await phone.callFunction({ name: 'echo', data: { a: 1 } })
  t.match(result, {
    event: { a: 1, uniIdToken: 'signed-in' },
    context: { SOURCE: 'client', FUNCTION_NAME: 'echo', PLATFORM: 'mp-weixin', uniIdToken: 'signed-in' },
  })
  t.notOk('clientInfo' in (result.event as object))
  t.strictSame(pathsOf(phone).slice(1), ['/system/ping', '/system/check-function', '/cloudfunctions/echo'])
})

t.test('a function that is not here is looked for in the space', async (t) => {
  const { cloud } = await openLocalCloud(t, { echo: ECHO })
  const phone = openMiniProgram({ endpoint: cloud.url, debugging: true })
  t.match(await failureOf(phone.callFunction({ name: 'elsewhere' })), { errCode: 'FUNCTION_NOT_FOUND' })
  t.ok(pathsOf(phone).includes('/client'))
})

t.test('a function that throws is reported as such', async (t) => {
  const code = "exports.main = async () => { throw new Error('no') }; exports.handler = async () => 0"
  const { cloud } = await openLocalCloud(t, { throwing: { code } })
  const phone = openMiniProgram({ endpoint: cloud.url, debugging: true })
  t.match(await failureOf(phone.callFunction({ name: 'throwing' })), { errCode: 'FunctionBizError' })
})
