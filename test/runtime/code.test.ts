import t from 'tap'
import { getOrderInfo } from '../../shared/payment/operations/getOrderInfo.js'
import { orderQuery } from '../../shared/payment/operations/orderQuery.js'
import { cloudFunction } from '../../shared/runtime/index.js'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { withHost } from './probe.js'

t.test('a fresh code stands for a login in functions that never talk to WeChat otherwise', async (t) => {
  const [store, platforms] = [await openEmbeddedStore(), await startLocalPlatforms()]
  t.teardown(async () => {
    await platforms.close()
    await store.close()
  })
  const host = { store, env: platforms.settings() }
  for (const operation of [getOrderInfo, orderQuery]) {
    const { main, config } = cloudFunction(operation)
    const call = (code: string) =>
      withHost(host, () => main({ code, outTradeNo: 'ORDER1' }, { SOURCE: 'client' }))
    t.match(await call('nonsense'), { errCode: 40029 }, `${operation.name}: WeChat was asked`)
    t.match(await call(platforms.login('alice')), { errCode: 'ORDER_NOT_FOUND' }, 'and knows her')
    const shipped = new Set<string>(config.settings)
    t.ok(shipped.has('WEIXIN_APP_SECRET'), 'a deployment knows that it needs the secret')
  }
})
