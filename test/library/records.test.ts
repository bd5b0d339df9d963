import t from 'tap'
import { initWeixin } from '../../shared/library/index.js'
import { ORDER_NO, openShop } from '../payment/shop.js'

/** The library reads back what the functions keep. */

t.test('orders, their history, notices and events of the store', async (t) => {
  const shop = await openShop(t, 'weixin-v2')
  await shop.pay()
  const { payment } = initWeixin({ appId: 'wx0123456789abcdef', store: shop.house.store })
  t.match(await payment.orderList(), { errCode: 0, orders: [{ outTradeNo: ORDER_NO, state: 'PAID' }] })
  t.match(await payment.orderList({ state: 'CLOSED', limit: 5 }), { orders: [] })
  t.match(await payment.orderHistory({ outTradeNo: ORDER_NO }), { history: [{}, {}, { by: 'notice' }] })
  t.match(await payment.noticeList({ outTradeNo: ORDER_NO }), { notices: [{ verdict: 'applied' }] })
  t.match(await payment.eventList(), { events: [{ type: 'payment.paid', state: 'delivered' }] })
  const failure: unknown = await payment.orderHistory({ outTradeNo: 'T1' }).catch((error: unknown) => error)
  t.match(failure, { errCode: 'ORDER_NOT_FOUND' })
  await t.rejects(payment.orderList({ limit: 0 }), { errCode: 'INVALID_PARAM', message: /limit/ })
  const { payment: without } = initWeixin({ appId: 'wx0123456789abcdef' })
  await t.rejects(without.orderList(), { message: /store/ })
})
