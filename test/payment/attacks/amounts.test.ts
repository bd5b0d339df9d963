import * as alipay from './alipay.js'
import { play } from './play.js'
import { type Attempt, anotherPayment, believed, contradiction, none, type Row, refused } from './table.js'
import type { Changes } from './weixinV2.js'
import * as v2 from './weixinV2.js'
import * as v3 from './weixinV3.js'

const OURS = 'The amount and its currency have to be those of the order before anything moves.'

const otherV2 = (changes: Changes) =>
  v2.payment((genuine) => ({ transaction_id: anotherPayment(genuine), ...changes }))
const otherV3 = (changes: object) =>
  v3.notice((genuine) => ({ transaction_id: anotherPayment(genuine), ...changes }))
const otherAlipay = (changes: Changes) =>
  alipay.notice((genuine) => ({ trade_no: anotherPayment(genuine), ...changes }))

const GIVES_NOTHING_BACK = none('gives nothing back')

const givenBack = (name: string, trap: string, v3Fen: number, alipayCell: Attempt): Row => ({
  name,
  trap,
  cells: {
    'weixin-v2': {
      payment: GIVES_NOTHING_BACK,
      refund: believed(v2.refund({ refund_fee: String(v3Fen), settlement_refund_fee: String(v3Fen) })),
    },
    'weixin-v3': {
      payment: GIVES_NOTHING_BACK,
      refund: contradiction(v3.notice({ amount: { total: 1999, refund: v3Fen } })),
    },
    alipay: { payment: GIVES_NOTHING_BACK, refund: alipayCell },
  },
})

/** Written so, an amount is none; whatever else is right. */
const amount = (name: string, v2Text: string, v3Value: unknown, yuan: string): Row => ({
  name: `an amount ${name}`,
  trap: 'Amounts are whole numbers of fen, or yuan with two digits; floats and NaN have moved money before.',
  cells: {
    'weixin-v2': {
      payment: refused('incomplete', v2.payment({ total_fee: v2Text })),
      refund: refused('incomplete', v2.refund({ refund_fee: v2Text })),
    },
    'weixin-v3': refused('incomplete', v3.notice({ amount: { total: v3Value, refund: v3Value } })),
    alipay: {
      payment: refused('incomplete', alipay.notice({ total_amount: yuan })),
      refund: refused('incomplete', alipay.notice({ refund_fee: yuan })),
    },
  },
})

const differs = (name: string, fen: number, yuan: string): Row => ({
  name: `${name} than was asked for`,
  trap: OURS,
  cells: {
    'weixin-v2': {
      payment: contradiction(otherV2({ total_fee: String(fen) })),
      refund: believed(v2.refund({ total_fee: String(fen), refund_fee: String(fen) })),
    },
    'weixin-v3': contradiction(otherV3({ amount: { total: fen, refund: 500, currency: 'CNY' } })),
    alipay: contradiction(otherAlipay({ total_amount: yuan })),
  },
})

const rows: Row[] = [
  differs('one fen less', 1998, '19.98'),
  differs('one fen more', 2000, '20.00'),
  differs('nothing', 0, '0.00'),
  {
    name: 'another currency',
    trap: OURS,
    cells: {
      'weixin-v2': {
        payment: contradiction(otherV2({ fee_type: 'USD' })),
        refund: none('V2 refund notices name no currency'),
      },
      'weixin-v3': {
        payment: contradiction(otherV3({ amount: { total: 1999, currency: 'USD' } })),
        refund: none('V3 refund notices name no currency'),
      },
      alipay: contradiction(otherAlipay({ trans_currency: 'USD' })),
    },
  },
  givenBack(
    'less given back than was asked for',
    'Accepted is not refunded, and refunded is not always what was asked for.',
    499,
    contradiction(alipay.notice({ refund_fee: '4.99' })),
  ),
  givenBack(
    'more given back than was asked for',
    "Alipay's refund_fee is all that was given back so far, not this refund.",
    501,
    believed(alipay.notice({ refund_fee: '10.00' })),
  ),
  givenBack(
    'more given back than was paid',
    'No sum of refunds is larger than the payment.',
    2000,
    contradiction(alipay.notice({ refund_fee: '20.00' })),
  ),
  {
    name: 'paid by a coupon in part',
    trap: 'With a coupon the payer pays less in cash; what was asked for is the total.',
    cells: {
      'weixin-v2': {
        payment: believed(
          v2.payment({
            ...{ cash_fee: '999', coupon_fee: '1000', coupon_count: '1', settlement_total_fee: '999' },
            ...{ coupon_id_0: '1', coupon_type_0: 'CASH', coupon_fee_0: '1000' },
          }),
        ),
        refund: believed(v2.refund({ settlement_refund_fee: '1', cash_refund_fee: '1' })),
      },
      'weixin-v3': believed(
        v3.notice({
          amount: { total: 1999, payer_total: 999, refund: 500, payer_refund: 1, currency: 'CNY' },
          promotion_detail: [{ coupon_id: '1', type: 'CASH', amount: 1000 }],
        }),
      ),
      alipay: believed(alipay.notice({ buyer_pay_amount: '9.99', receipt_amount: '9.99' })),
    },
  },
  amount('with a fraction', '19.99', 19.99, '19.990'),
  amount('below nothing', '-1999', -1999, '-19.99'),
  amount('in words', 'NaN', '1999', 'NaN'),
  amount('beyond all money', '9'.repeat(40), 1e15, `${'9'.repeat(40)}.00`),
  amount('in scientific notation', '2e3', '2e3', '2e1'),
]

play('amounts', rows)
