import { join } from 'node:path'
import t from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { openFc2 } from '../../tools/demo/calls.js'
import { reportOf } from '../../tools/demo/steps.js'
import { startLocalCloud } from '../../tools/emulator/cloud/index.js'
import {
  type OrderInfo,
  type ProviderName,
  providerNames,
  startLocalPlatforms,
} from '../../tools/emulator/platforms/index.js'

/** All payment systems in one deployment, as `npm start` sets it up, and nothing of one crosses over to another. */

const dist = join(import.meta.dirname, '..', '..', 'dist')

type Fields = Record<string, unknown>

t.test('three payment systems side by side', async (t) => {
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const platforms = await startLocalPlatforms()
  t.teardown(() => platforms.close())
  const env = { ...platforms.settings('weixin-v2', 'weixin-v3', 'alipay'), PAYMENT_PROVIDER: 'weixin-v3' }
  const cloud = await startLocalCloud({ dist, env, store, log: () => undefined })
  t.teardown(() => cloud.close())
  const client = openFc2(cloud.url)
  const call = async (name: string, data: Fields): Promise<Fields> => {
    const service = 'unicloud-openapi-payment'
    const { data: answer } = await client.invokeFunction(service, name, JSON.stringify(data))
    return { ...(JSON.parse(String(answer)) as Fields) }
  }

  async function trade(provider: ProviderName, number: number): Promise<void> {
    const name = provider.replace('-', '_')
    const [outTradeNo, outRefundNo] = [`${name}_${number}`, `${name}_${number}_back`]
    const openid = provider === 'alipay' ? platforms.alipay.openid('alice') : platforms.openid('alice')
    const order = { outTradeNo, totalFee: 100 + number, body: 'tea', openid, provider }
    t.match(await call('createOrder', order), { provider, state: 'CREATED' })
    const { orderInfo } = await call('getOrderInfo', { outTradeNo })
    const { order: made } = await platforms.requestPayment(orderInfo as OrderInfo)
    t.equal(made.totalFee, 100 + number, 'each its own')
    t.match(await call('refund', { outTradeNo, outRefundNo, refundFee: 100 + number }), { provider })
    t.match(await reportOf(platforms, outRefundNo), { state: 'delivered' })
    t.match(await store.orders.findByOutTradeNo(outTradeNo), [{ provider, state: 'REFUNDED' }])
  }

  await Promise.all(providerNames.flatMap((provider) => [1, 2, 3].map((number) => trade(provider, number))))
  const { provider } = await call('createOrder', { outTradeNo: 'any_order', totalFee: 1, body: 'tea' })
  t.equal(provider, 'weixin-v3', 'an order that names none')
})
