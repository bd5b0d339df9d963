import t from 'tap'
import { type Ask, doors } from './doors.js'
import type { Fields } from './house.js'
import { NEXT_REFUND_MS, ORDER_NO, openShop, providers, TOTAL } from './shop.js'

/** What goes for a field goes at both doors: the functions' and the library's. */

for (const [door, through] of Object.entries(doors)) {
  for (const provider of providers) {
    t.test(`${provider} by the ${door}: a reason as long as the provider takes it`, async (t) => {
      const shop = await openShop(t, provider)
      await shop.pay()
      const ask = through(shop)
      const most = provider === 'alipay' ? 256 : 80
      const refund = { outTradeNo: ORDER_NO, outRefundNo: 'R1', totalFee: TOTAL, refundFee: 500 }
      const refused = { errCode: 'INVALID_PARAM', errMsg: /^refundDesc: expected .*at most/ }
      t.match(await ask('refund', { ...refund, refundDesc: '茶'.repeat(most + 1) }), refused)
      t.match(await ask('refund', { ...refund, refundDesc: 'a\u0000b' }), refused)
      t.equal(shop.asked(shop.api.refund), 0, 'the provider was not asked')
      t.match(await ask('refund', { ...refund, refundDesc: '茶'.repeat(most) }), { errCode: 0 })
      await shop.house.clock.advance(NEXT_REFUND_MS)
    })
  }

  t.test(`by the ${door}: numbers, days and offsets`, async (t) => {
    const ask = through(await openShop(t, 'alipay'))
    const cases: [Parameters<Ask>[0], Fields, string][] = [
      ['orderQuery', {}, 'outTradeNo: required, or transactionId'],
      ['refund', { outRefundNo: 'R1', totalFee: 1, refundFee: 1 }, 'outTradeNo: required, or transactionId'],
      ['refundQuery', {}, 'outRefundNo: required, or one of outTradeNo, transactionId and refundId'],
      [
        'refundQuery',
        { outTradeNo: ORDER_NO, offset: 1001 },
        'offset: expected how many refunds to pass over',
      ],
      ['downloadBill', { billDate: '19990101' }, 'billDate: expected a day as yyyyMMdd'],
      ['downloadBill', { billDate: '2050-01-01' }, 'billDate: expected a day as yyyyMMdd'],
    ]
    for (const [method, given, errMsg] of cases) {
      const answer = await ask(method, given)
      t.equal(answer.errCode, 'INVALID_PARAM')
      t.ok(String(answer.errMsg).startsWith(errMsg), `${answer.errMsg}`)
    }
    t.not((await ask('downloadBill', { billDate: '204901' })).errCode, 'INVALID_PARAM', 'a month of Alipay')
    const packed = { billDate: '20491231', tarType: 'GZIP' }
    t.not((await ask('downloadBill', packed)).errCode, 'INVALID_PARAM', 'as uni-pay takes it')
  })
}
