import t from 'tap'
import { startTwin } from '../../../tools/emulator/platforms/index.js'
import { openHouse } from '../house.js'

t.test('from the order to PAID, against the twin', async (t) => {
  const house = await openHouse(t)
  const twin = await startTwin({ clock: house.clock })
  t.teardown(() => twin.close())
  Object.assign(house.env, twin.settings(), {
    WEIXIN_APP_ID: twin.app.appId,
    NOTIFY_BASE_URL: await house.listen(),
    EVENT_TARGET: 'function:onPayment',
  })
  const openid = twin.openid('alice')
  const placed = await house.server('createOrder', {
    outTradeNo: 'T20500101',
    totalFee: 1999,
    body: 'tea',
    openid,
  })
  t.match(placed, { errCode: 0, provider: 'weixin-v2', mchId: twin.merchant.mchId, state: 'CREATED' })
  const sessionToken = await house.login(openid)
  const asked = await house.client('getOrderInfo', { outTradeNo: 'T20500101', sessionToken })
  t.match(asked, { errCode: 0, provider: 'weixin-v2', orderInfo: { signType: 'MD5' } })
  t.equal((await house.order('T20500101')).state, 'PAYING')
  const { delivery } = await twin.requestPayment(asked.orderInfo as Record<string, string>)
  t.match(delivery, { state: 'delivered' })
  const order = await house.order('T20500101')
  t.match(order, { state: 'PAID', cashFee: 1999, payerOpenid: openid, events: [] })
  t.match(house.called, [
    { name: 'onPayment', data: { type: 'payment.paid', data: { outTradeNo: 'T20500101', totalFee: 1999 } } },
  ])
  const queried = await house.client('orderQuery', { outTradeNo: 'T20500101', sessionToken })
  t.match(queried, { errCode: 0, tradeState: 'SUCCESS', orderState: 'PAID', totalFee: 1999 })
})
