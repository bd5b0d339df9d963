import t from 'tap'
import { startLocalPlatforms } from '../../../tools/emulator/platforms/index.js'
import { openHouse } from '../house.js'

t.test('from the order to PAID, against the local platforms', async (t) => {
  const house = await openHouse(t)
  const platforms = await startLocalPlatforms({ clock: house.clock })
  t.teardown(() => platforms.close())
  Object.assign(house.env, platforms.settings(), {
    WEIXIN_APP_ID: platforms.app.appId,
    NOTIFY_BASE_URL: await house.listen(),
    EVENT_TARGET: 'function:onPayment',
  })
  const openid = platforms.openid('alice')
  const placed = await house.server('createOrder', {
    outTradeNo: 'T20500101',
    totalFee: 1999,
    body: 'tea',
    openid,
  })
  t.match(placed, { errCode: 0, provider: 'weixin-v2', mchId: platforms.merchant.mchId, state: 'CREATED' })
  const sessionToken = await house.login(openid)
  const asked = await house.client('getOrderInfo', { outTradeNo: 'T20500101', sessionToken })
  t.match(asked, { errCode: 0, provider: 'weixin-v2', orderInfo: { signType: 'MD5' } })
  t.equal((await house.order('T20500101')).state, 'PAYING')
  const { delivery } = await platforms.requestPayment(asked.orderInfo as Record<string, string>)
  t.match(delivery, { state: 'delivered' })
  const order = await house.order('T20500101')
  t.match(order, { state: 'PAID', cashFee: 1999, payerOpenid: openid, events: [] })
  t.match(house.called, [
    { name: 'onPayment', data: { type: 'payment.paid', data: { outTradeNo: 'T20500101', totalFee: 1999 } } },
  ])
  const queried = await house.client('orderQuery', { outTradeNo: 'T20500101', sessionToken })
  t.match(queried, { errCode: 0, tradeState: 'SUCCESS', orderState: 'PAID', totalFee: 1999 })
})
