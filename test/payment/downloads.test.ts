import t from 'tap'
import { NEXT_REFUND_MS, openShop, providers } from './shop.js'

/** The bills as the functions hand them out. */

const DAY_MS = 24 * 3600 * 1000

t.test('the trades of a day, whoever the provider is', async (t) => {
  for (const provider of providers) {
    const shop = await openShop(t, provider)
    await shop.pay()
    await shop.refund('R1', 500)
    await shop.house.clock.advance(NEXT_REFUND_MS)
    const { transactionId = 'none' } = await shop.order()
    await shop.house.clock.advance(DAY_MS)
    const bill = await shop.house.server('downloadBill', { billDate: '20500101' })
    t.match(bill, { errCode: 0, provider })
    const content = String(bill.content)
    t.match(content, new RegExp(transactionId), provider)
    t.match(content, /T20500101/)
    t.match(content, /R1/)
    t.notMatch(content, /^\ufeff/)
    if (provider === 'alipay') t.ok(Array.isArray(bill.files))
  }
})

t.test('the movements of an account: WeChat Pay only', async (t) => {
  for (const provider of providers) {
    const shop = await openShop(t, provider)
    await shop.pay()
    const flow = await shop.house.server('downloadFundflow', { billDate: '20500101', accountType: 'Basic' })
    if (provider === 'alipay') {
      t.match(flow, { errCode: 'NOT_OFFERED', errMsg: /signcustomer/ })
    } else {
      t.match(flow, { errCode: 0, provider, content: /^记账时间,/ })
    }
  }
})

t.test('no bill, and one in the making', async (t) => {
  for (const provider of ['weixin-v2', 'weixin-v3'] as const) {
    const shop = await openShop(t, provider)
    const api = provider === 'weixin-v2' ? '/pay/downloadbill' : 'weixin-pay-v3.tradebill'
    const none = await shop.house.server('downloadBill', { billDate: '20491231' })
    t.match(none, { errCode: /^NO_(BILL|STATEMENT)_EXIST$/ }, provider)
    await shop.pay()
    shop.platforms.faults.next(api, 'creating', 3)
    const early = await shop.house.server('downloadBill', { billDate: '20500101' })
    t.match(early, { errCode: /CREATING$/, advice: /wait|retry/ })
  }
})

t.test('a provider that is named, and a merchant that nobody knows', async (t) => {
  const shop = await openShop(t, 'weixin-v2')
  const day = { billDate: '20500101' }
  t.match(await shop.house.server('downloadBill', { ...day, provider: 'alipay' }), {
    errCode: 'MISSING_SETTING',
  })
  t.match(await shop.house.server('downloadBill', { ...day, mchId: '1900000110' }), {
    errCode: 'UNKNOWN_MERCHANT',
  })
})
