import * as alipay from './alipay.js'
import { asItCame } from './changes.js'
import { play } from './play.js'
import {
  acknowledged,
  anotherPayment,
  believed,
  contradiction,
  everywhere,
  none,
  type Row,
  refused,
} from './table.js'
import * as v2 from './weixinV2.js'
import * as v3 from './weixinV3.js'

/** Genuine messages: again, together, late, and in another order. */

const ONCE = 'One unique key for a payment and one for a refund; states move forward, and only once.'
const MINUTES = 60_000
const DAY = 24 * 60 * MINUTES

/** As the provider sends it when it comes again: V3 signs every attempt anew. */
const sentAnew = (verdict: typeof believed): Row['cells'] => ({
  'weixin-v2': verdict(asItCame),
  'weixin-v3': verdict(v3.notice({})),
  alipay: verdict(asItCame),
})

const event = (event_type: string) => ({ envelope: { event_type } })

const rows: Row[] = [
  { name: 'again at once', trap: ONCE, told: true, cells: everywhere(acknowledged(asItCame)) },
  {
    name: 'fifty at once, and none before',
    trap: ONCE,
    cells: everywhere(believed(asItCame, 50)),
  },
  {
    name: 'fifty at once, and one before',
    trap: ONCE,
    told: true,
    cells: everywhere(acknowledged(asItCame, 50)),
  },
  {
    name: 'the same bytes five minutes later',
    trap: 'What somebody recorded can be played again for as long as its signature is good.',
    told: true,
    later: 5 * MINUTES,
    cells: {
      'weixin-v2': acknowledged(asItCame),
      'weixin-v3': refused('time out of range', asItCame),
      alipay: acknowledged(asItCame),
    },
  },
  { name: 'a day later, by the provider', trap: ONCE, told: true, later: DAY, cells: sentAnew(acknowledged) },
  {
    name: 'a day late, for the first time',
    trap: 'Providers come again for a day: what was paid is never lost.',
    later: DAY,
    cells: sentAnew(believed),
  },
  {
    name: 'what was said before it, after it',
    trap: 'Messages overtake each other, and a failed attempt comes before the one that succeeds.',
    told: true,
    cells: {
      'weixin-v2': {
        payment: acknowledged(v2.payment({ result_code: 'FAIL', transaction_id: undefined })),
        refund: acknowledged(v2.refund({ refund_status: 'PROCESSING' })),
      },
      'weixin-v3': {
        payment: acknowledged(v3.notice({ trade_state: 'NOTPAY' }, event('TRANSACTION.NOTPAY'))),
        refund: acknowledged(v3.notice({ refund_status: 'PROCESSING' }, event('REFUND.PROCESSING'))),
      },
      alipay: acknowledged(alipay.notice({ trade_status: 'WAIT_BUYER_PAY', gmt_refund: undefined })),
    },
  },
  {
    name: 'closed, after it succeeded',
    trap: 'A late word must not take back what happened; both cannot be true, and a person is told once.',
    told: true,
    cells: {
      'weixin-v2': {
        payment: contradiction(v2.payment({ trade_state: 'CLOSED' })),
        refund: acknowledged(v2.refund({ refund_status: 'REFUNDCLOSE' })),
      },
      'weixin-v3': {
        payment: contradiction(v3.notice({ trade_state: 'CLOSED' }, event('TRANSACTION.CLOSED'))),
        refund: contradiction(v3.notice({ refund_status: 'CLOSED' }, event('REFUND.CLOSED'))),
      },
      alipay: none('closes only what was never paid, or what was given back: an order paid is then refunded'),
    },
  },
  {
    name: 'a second payment of a paid order',
    trap: 'Paid twice is the business of a person: nothing moves, and the merchant is told.',
    told: true,
    cells: {
      'weixin-v2': {
        payment: contradiction(v2.payment((genuine) => ({ transaction_id: anotherPayment(genuine) }))),
        refund: acknowledged(v2.refund({ transaction_id: '1' })),
      },
      'weixin-v3': {
        payment: contradiction(v3.notice(({ outTradeNo }) => ({ transaction_id: `${outTradeNo}2` }))),
        refund: contradiction(v3.notice({ transaction_id: '1' })),
      },
      alipay: contradiction(alipay.notice(({ outTradeNo }) => ({ trade_no: `${outTradeNo}2` }))),
    },
  },
]

play('replays', rows)
