import t from 'tap'
import { someGroupOf } from '../../shared/operation/rules.js'

/** WeChat takes an order's two names together as well as one of them. */

const rule = someGroupOf<{ transactionId?: string; merchantId?: string; merchantTradeNo?: string }>(
  ['transactionId'],
  ['merchantId', 'merchantTradeNo'],
)

t.test('one group, or several, each whole', async (t) => {
  const [transactionId, merchantId, merchantTradeNo] = ['4200', '1900000109', 'order-1']
  t.equal(rule({ transactionId }), undefined)
  t.equal(rule({ merchantId, merchantTradeNo }), undefined)
  t.equal(rule({ transactionId, merchantId, merchantTradeNo }), undefined)
})

t.test('none, and a part of one, name the field at fault', async (t) => {
  const expected = 'expected transactionId, or merchantId and merchantTradeNo'
  t.strictSame(rule({}), ['transactionId', expected])
  t.strictSame(rule({ merchantId: '1900000109' }), ['merchantTradeNo', expected])
  t.strictSame(rule({ transactionId: '4200', merchantTradeNo: 'order-1' }), ['merchantTradeNo', expected])
})
