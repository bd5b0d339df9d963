import t from 'tap'
import { systemClock, systemRandom } from '../../shared/clock.js'
import { cloudFunction, serverFunction } from '../../shared/runtime/index.js'
import { openSession } from '../../shared/session.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { probe, withHost } from './probe.js'

const seesApp = () =>
  probe({
    session: 'required',
    run: async (_input, context) => ({ appId: context.appId ?? context.session?.appId ?? null }),
  })

t.test('a server names the application, and never brings credentials', async (t) => {
  const { main } = serverFunction(seesApp())
  const call = (data: object) => withHost({}, () => main(data, { SOURCE: 'function' }))
  t.match(await call({ appid: 'wx0000000000000002' }), { errCode: 0, appId: 'wx0000000000000002' })
  t.match(await call({}), { errCode: 0, appId: null })
  t.match(await call({ appid: { $ne: '' } }), { errCode: 'INVALID_PARAM', errMsg: /^appid: / })
})

t.test('a client stays with the application it logged in to', async (t) => {
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const login = { provider: 'weixin' as const, appId: 'wx0000000000000001', openid: 'o1' }
  const { sessionToken } = await openSession(login, { store, clock: systemClock, random: systemRandom })
  const { main } = cloudFunction(seesApp())
  const call = (data: object) =>
    withHost({ store }, () => main({ sessionToken, ...data }, { SOURCE: 'client' }))
  t.match(await call({}), { errCode: 0, appId: 'wx0000000000000001' })
  t.match(await call({ appid: 'wx0000000000000001' }), { errCode: 0 })
  t.match(await call({ appid: 'wx0000000000000002' }), { errCode: 'INVALID_PARAM', errMsg: /^appid: / })
})
