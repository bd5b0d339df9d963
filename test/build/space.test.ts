import t, { type Test } from 'tap'
import type { EditionName } from '../../tools/clouds/index.js'
import {
  type LocalPlatforms,
  type OrderInfo,
  type ProviderName,
  startLocalPlatforms,
} from '../../tools/emulator/platforms/index.js'
import { eachNode } from '../support/nodes.js'
import { openSpace, type Space } from './space.js'

/** One whole payment inside a simulated uniCloud: the uploaded folders, uniCloud's own database, nothing else. */

/** A function of the merchant's, told of payments. */
const onPayment = `
const told = []
exports.main = async (event, context) => {
  if (context.SOURCE === 'client') return told
  told.push({ type: event.type, data: event.data, source: context.SOURCE })
}`

async function opened(
  t: Test,
  node: string,
  { provider, edition }: { provider: ProviderName; edition: EditionName },
): Promise<{ space: Space; platforms: LocalPlatforms }> {
  const platforms = await startLocalPlatforms()
  t.teardown(() => platforms.close())
  const settings = (url: string) => ({
    ...platforms.settings(provider),
    NOTIFY_BASE_URL: url,
    EVENT_TARGET: 'function:onPayment',
  })
  return { platforms, space: await openSpace(t, { node, edition, settings, own: { onPayment } }) }
}

async function pay(
  t: Test,
  { space, platforms }: Awaited<ReturnType<typeof opened>>,
  provider: ProviderName,
) {
  const outTradeNo = 'uniCloud001'
  t.match(await space.call('tokenRefresh', {}, 'timing'), { errCode: 0 })
  const login = await space.call('authCode2Session', { code: platforms.login('alice') })
  t.match(login, { errCode: 0, openid: platforms.openid('alice') })
  const { openid, sessionToken } = login
  const order = { outTradeNo, totalFee: 1999, body: 'tea', openid }
  t.match(await space.call('createOrder', order), { errCode: 'FORBIDDEN' }, 'a client makes no orders')
  t.match(await space.call('createOrder', order, 'function'), { errCode: 0, provider, state: 'CREATED' })
  const answer = await space.call('getOrderInfo', { sessionToken, outTradeNo })
  t.match(answer, { errCode: 0, provider })
  const { delivery } = await platforms.requestPayment(answer.orderInfo as OrderInfo)
  t.equal(delivery.url, `${space.url}/verifyPaymentNotify/${provider}/${platforms.merchant.mchId}`)
  t.equal(delivery.state, 'delivered', JSON.stringify(delivery.attempts))
  t.match(await space.call('orderQuery', { sessionToken, outTradeNo }), { errCode: 0, orderState: 'PAID' })
  return outTradeNo
}

const worlds = [
  { provider: 'weixin-v3', edition: 'aliyun' },
  { provider: 'weixin-v2', edition: 'tencent' },
  { provider: 'weixin-v3', edition: 'alipay' },
] as const

for (const { provider, edition } of worlds) {
  t.test(`a payment with ${provider} in a space of ${edition}, in its time zone`, (t) =>
    eachNode(t, async (t, node) => {
      const world = await opened(t, node, { provider, edition })
      const outTradeNo = await pay(t, world, provider)
      const { space, platforms } = world
      const [order, ...others] = await space.contents('openapi-orders')
      t.match(order, { outTradeNo, state: 'PAID', totalFee: 1999 })
      t.strictSame(others, [])
      t.match(await space.call('eventDispatch', {}, 'timing'), { errCode: 0 })
      t.match(await space.call('onPayment'), [
        { type: 'payment.paid', data: { outTradeNo }, source: 'function' },
      ])
      const code = await space.call(
        'openapi',
        { api: 'wxacode.getUnlimited', data: { scene: 'a' } },
        'function',
      )
      t.match(code, { errCode: 0, contentType: /^image\// })
      t.equal(
        platforms.requests.filter(({ path }) => path.endsWith('token')).length,
        1,
        'one token for all of them',
      )
      t.strictSame(await space.foreign(), [], 'nothing was loaded from elsewhere')
    }),
  )
}

t.test('a settings file that nobody filled in is refused before anybody is asked', (t) =>
  eachNode(t, async (t, node) => {
    const { exampleSettings } = await import('../../tools/build/unicloud/settings.js')
    const space = await openSpace(t, { node, settings: exampleSettings })
    const order = { outTradeNo: 'uniCloud002', totalFee: 1, body: 'tea', openid: 'o'.repeat(28) }
    t.match(await space.call('authCode2Session', { code: 'code' }), { errCode: 'INVALID_SETTING' })
    t.match(await space.call('createOrder', order, 'function'), { errCode: 'INVALID_SETTING' })
    t.notOk(space.lines.some((line) => line.includes('upstream')))
  }),
)
