import t from 'tap'
import { openShop } from './shop.js'

/** Out of which account a refund is paid, and for which goods: what each provider is asked, and asked again. */

const goods = { goodsId: 'tea-1', price: 1999, refundAmount: 500, refundQuantity: 1 }

t.test('refundAccount and goodsDetail go out under each provider’s names, and are kept', async (t) => {
  for (const [provider, refundAccount, sent] of [
    ['weixin-v2', 'REFUND_SOURCE_RECHARGE_FUNDS', /REFUND_SOURCE_RECHARGE_FUNDS/],
    ['weixin-v2', 'AVAILABLE', /REFUND_SOURCE_RECHARGE_FUNDS/],
    ['weixin-v3', 'REFUND_SOURCE_RECHARGE_FUNDS', /"funds_account":"AVAILABLE"/],
    ['weixin-v3', 'AVAILABLE', /"funds_account":"AVAILABLE"/],
    ['weixin-v3', 'REFUND_SOURCE_UNSETTLED_FUNDS', /^(?!.*funds_account)/s],
  ] as const) {
    const shop = await openShop(t, provider)
    await shop.pay()
    t.match(await shop.refund('R1', 500, { refundAccount, goodsDetail: [goods] }), { errCode: 0 }, provider)
    const asked = shop.platforms.requests.filter(({ api, path }) => [api, path].includes(shop.api.refund))
    const text = String(asked.at(-1)?.body)
    t.match(text, sent, `${provider}: ${refundAccount}`)
    t.match(text, /goods_id.{1,12}tea-1/s)
    t.match(await shop.entry('R1'), { refundAccount, goodsDetail: [goods] })
  }
})

t.test('Alipay has goods in yuan, and no accounts', async (t) => {
  const shop = await openShop(t, 'alipay')
  await shop.pay()
  t.match(await shop.refund('R1', 500, { refundAccount: 'AVAILABLE' }), {
    ...{ errCode: 'INVALID_PARAM', errMsg: /^refundAccount: / },
  })
  t.match(await shop.refund('R1', 500, { goodsDetail: [goods] }), { errCode: 0 })
  t.match(await shop.entry('R1'), { goodsDetail: [goods] })
})
