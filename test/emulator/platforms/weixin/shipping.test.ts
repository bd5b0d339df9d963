import t from 'tap'
import { openShopV3 } from '../weixin-pay-v3/merchant.js'

/** Orders that were paid are shipped, once, and once more as a correction. */

type Json = Record<string, unknown>

t.test('an order that was paid is shipped, corrected, and its payer reminded', async (t) => {
  const { platforms, clock, order, orderInfo, refund } = await openShopV3(t)
  const { appId: appid, secret } = platforms.app
  const post = async (path: string, body: object, token = '') => {
    const query = token && `?access_token=${token}`
    const answer = await fetch(`${platforms.url}${path}${query}`, {
      method: 'POST',
      body: JSON.stringify(body),
    })
    return (await answer.json()) as Json
  }
  const login = { grant_type: 'client_credential', appid, secret }
  const token = String((await post('/cgi-bin/stable_token', login)).access_token)
  const ask = (api: string, body: object) => post(`/wxa/sec/order/${api}`, body, token)

  const { json } = await order('ship-000001')
  const key = { order_number_type: 1, mchid: platforms.merchant.mchId, out_trade_no: 'ship-000001' }
  const shipment = {
    ...{ order_key: key, logistics_type: 1, delivery_mode: 1 },
    shipping_list: [
      { tracking_no: '1', express_company: 'SF', item_desc: 'tea', contact: { receiver_contact: '1****34' } },
    ],
    upload_time: '2050-01-01T08:00:00+08:00',
    payer: { openid: platforms.openid('alice') },
  }
  const ship = (changes: object = {}) => ask('upload_shipping_info', { ...shipment, ...changes })
  t.match(await ship(), { errcode: 10060001 }, 'not paid yet')
  const { order: paid } = await platforms.requestPayment(orderInfo(String(json.prepay_id)))
  const named = { transaction_id: paid.transactionId }
  const shown = async () => ({ ...((await ask('get_order', named)).order as Json) })
  t.match(await shown(), {
    order_state: 1,
    paid_amount: 1999,
    openid: platforms.openid('alice'),
    shipping: {},
  })
  const reminder = { ...named, received_time: Math.floor(clock.now() / 1000) + 60 }
  t.match(await ask('notify_confirm_receive', reminder), { errcode: 10060028 })
  t.match(await ship({ payer: { openid: platforms.openid('bob') } }), { errcode: 10060031 })
  t.match(await ship({ shipping_list: [] }), { errcode: 47001 })
  t.match(await ship(), { errcode: 0 })
  t.match(await shown(), {
    order_state: 2,
    shipping: { finish_shipping_count: 1, shipping_list: [{ tracking_no: '1', goods_desc: 'tea' }] },
  })
  t.match(await ship(), { errcode: 10060023 }, 'nothing changed')
  const corrected = [{ ...shipment.shipping_list[0], tracking_no: '2' }]
  t.match(await ship({ shipping_list: corrected }), { errcode: 0 })
  t.match(await ship(), { errcode: 10060003 }, 'one correction')
  t.match(await ask('notify_confirm_receive', { ...reminder, received_time: 1 }), { errcode: 10060029 })
  t.match(await ask('notify_confirm_receive', reminder), { errcode: 0 })
  t.match(await ask('notify_confirm_receive', reminder), { errcode: 10060030 })
  const list = await ask('get_order_list', { order_state: 2 })
  t.match(list, { order_list: [{ transaction_id: paid.transactionId }], has_more: false })
  t.match(await ask('get_order_list', { order_state: 1 }), { order_list: [] })
  await refund('ship-000001', 'R1', 1999)
  await platforms.finishRefund('R1')
  t.match(await shown(), { order_state: 5 })
})
