import * as alipay from './alipay.js'
import { play } from './play.js'
import {
  acknowledged,
  anotherPayment,
  believed,
  type Cell,
  contradiction,
  type Genuine,
  none,
  type Row,
  refused,
  unmatched,
} from './table.js'
import * as v2 from './weixinV2.js'
import * as v3 from './weixinV3.js'

/** Messages that are the provider's own, and say something else than the one we wait for. */

const OURS = 'Amount, currency, application, merchant and order have to be ours before anything moves.'

const elsewhere = ({ outTradeNo }: Genuine) => ({
  out_trade_no: `${outTradeNo}X`,
  out_refund_no: `${outTradeNo}XR`,
})

const event = (event_type: string) => ({ envelope: { event_type } })

const notAPayment = (state: string): Cell =>
  acknowledged(v3.notice({ trade_state: state, transaction_id: undefined }, event(`TRANSACTION.${state}`)))

const rows: Row[] = [
  ...['1900000999', undefined].map(
    (merchant): Row => ({
      name: merchant === undefined ? 'no merchant' : 'another merchant',
      trap: OURS,
      cells: {
        'weixin-v2': {
          payment: refused('other merchant', v2.payment({ mch_id: merchant })),
          refund: refused('other merchant', v2.refund({}, { outer: { mch_id: merchant } })),
        },
        'weixin-v3': refused('other merchant', v3.notice({ mchid: merchant })),
        alipay: refused('other merchant', alipay.notice({ seller_id: merchant })),
      },
    }),
  ),
  ...['wx00000000000000ff', undefined].map(
    (app): Row => ({
      name: app === undefined ? 'no application' : 'another application',
      trap: OURS,
      cells: {
        'weixin-v2': {
          payment: refused('other app', v2.payment({ appid: app })),
          refund: none('what is sealed names no application'),
        },
        'weixin-v3': {
          payment: refused(app ? 'other app' : 'incomplete', v3.notice({ appid: app })),
          refund: none('V3 refund notices name no application'),
        },
        alipay: refused('other app', alipay.notice({ app_id: app })),
      },
    }),
  ),
  {
    name: 'an order that nobody made here',
    trap: 'Made through the library, or before there was a store: keep it, say thanks, tell the merchant.',
    cells: {
      'weixin-v2': {
        payment: unmatched(
          v2.payment((genuine) => ({
            out_trade_no: elsewhere(genuine).out_trade_no,
            transaction_id: anotherPayment(genuine),
          })),
        ),
        refund: acknowledged(v2.refund(elsewhere)),
      },
      'weixin-v3': unmatched(
        v3.notice((genuine) => ({ ...elsewhere(genuine), transaction_id: anotherPayment(genuine) })),
      ),
      alipay: unmatched(
        alipay.notice((genuine) => ({
          out_trade_no: elsewhere(genuine).out_trade_no,
          trade_no: anotherPayment(genuine),
        })),
      ),
    },
  },
  ...['FAIL', undefined].map(
    (code): Row => ({
      name: code === undefined ? 'no kind of message' : 'a message of another kind',
      trap: 'FAIL answers, other events and other kinds of messages come to the same address.',
      cells: {
        'weixin-v2': {
          payment: refused('not a success message', v2.payment({ return_code: code })),
          refund: refused('not a success message', v2.refund({}, { outer: { return_code: code } })),
        },
        'weixin-v3': refused('kind not supported', v3.notice({}, { envelope: { event_type: code } })),
        alipay: refused('kind not supported', alipay.notice({ notify_type: code })),
      },
    }),
  ),
  {
    name: 'a failure, authentic',
    trap: 'return_code says that the message arrived, result_code and trade_state what became of the payment.',
    cells: {
      'weixin-v2': {
        payment: acknowledged(v2.payment({ result_code: 'FAIL', transaction_id: undefined })),
        refund: believed(v2.refund({ refund_status: 'REFUNDCLOSE' })),
      },
      'weixin-v3': {
        payment: notAPayment('PAYERROR'),
        refund: acknowledged(v3.notice({ refund_status: 'PROCESSING' }, event('REFUND.PROCESSING'))),
      },
      alipay: {
        payment: acknowledged(alipay.notice({ trade_status: 'WAIT_BUYER_PAY' })),
        refund: acknowledged(alipay.notice({ trade_status: 'WAIT_BUYER_PAY', refund_fee: undefined })),
      },
    },
  },
  {
    name: 'a state that nobody knows',
    trap: 'New words must not be taken for the nearest old one.',
    cells: {
      'weixin-v2': {
        payment: contradiction(v2.payment({ result_code: 'constructor' })),
        refund: refused('incomplete', v2.refund({ refund_status: 'constructor' })),
      },
      'weixin-v3': refused(
        'incomplete',
        v3.notice({ trade_state: 'constructor', refund_status: 'constructor' }),
      ),
      alipay: refused('incomplete', alipay.notice({ trade_status: 'constructor' })),
    },
  },
  {
    name: 'paid, in another word',
    trap: 'TRADE_FINISHED is as paid as TRADE_SUCCESS; REFUND stands for a part given back too, of what was paid.',
    cells: {
      'weixin-v2': {
        payment: believed(v2.payment({ trade_state: 'SUCCESS' })),
        refund: none('names no state of the payment'),
      },
      'weixin-v3': none('REFUND says that something was given back: test/payment/givenBack.test.ts'),
      alipay: believed(alipay.notice({ trade_status: 'TRADE_FINISHED' })),
    },
  },
  ...['PAY_FAIL', 'PAYERROR', 'NOTPAY', 'REVOKED'].map(
    (state): Row => ({
      name: `${state} beside a success`,
      trap: 'V2 notices of deductions say what became of them in trade_state, whatever result_code says.',
      cells: {
        'weixin-v2': {
          payment: acknowledged(v2.payment({ trade_state: state })),
          refund: none('names no state of the payment'),
        },
        'weixin-v3': none('says it once, and its envelope again: the rows below'),
        alipay: none('says it once'),
      },
    }),
  ),
  {
    name: 'a success, beside another word for it',
    trap: 'Which of two words is right nobody here can know: nothing moves, a person looks.',
    cells: {
      'weixin-v2': {
        payment: contradiction(v2.payment({ result_code: undefined })),
        refund: none('what is sealed is asked about'),
      },
      'weixin-v3': {
        payment: contradiction(v3.notice({}, event('TRANSACTION.PAYERROR'))),
        refund: contradiction(v3.notice({}, event('REFUND.CLOSED'))),
      },
      alipay: {
        payment: none('WAIT_BUYER_PAY names no other word'),
        refund: contradiction(alipay.notice({ trade_status: 'WAIT_BUYER_PAY' })),
      },
    },
  },
  {
    name: 'a failure, around a success',
    trap: 'The other way round.',
    cells: {
      'weixin-v2': {
        payment: contradiction(v2.payment({ result_code: 'FAIL', trade_state: 'SUCCESS' })),
        refund: none('what is sealed is asked about'),
      },
      'weixin-v3': {
        payment: contradiction(v3.notice({ trade_state: 'PAYERROR' })),
        refund: contradiction(v3.notice({ refund_status: 'CLOSED' })),
      },
      alipay: none('the row above'),
    },
  },
]

play('content', rows)
