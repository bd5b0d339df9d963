import t, { type Test } from 'tap'
import {
  APP_ID,
  BUYER_ID,
  biz,
  CUT,
  done,
  failed,
  keySettings,
  listen,
  type Params,
} from '../../alipay/fixtures.js'
import { type Fields, type House, openHouse } from '../house.js'
import { patiently } from '../shop.js'

/** Refunds of which Alipay says neither that they are done nor that they failed: one number, however long it takes. */

const ORDER = 'ORDER_0001'
const TRADE_NO = '2026010122001468450512505578'
const TOTAL = 1999

const trade: Params = { out_trade_no: ORDER, trade_no: TRADE_NO }

type Said = (params: Params) => string | typeof CUT

/** A paid order, an Alipay that says what the test wants, and a refund of 500 fen that it accepted. */
interface Refunding {
  house: House
  /** What Alipay answers to a request for a refund. */
  onRefund: Said
  /** What it answers about one. */
  onQuery: Said
  refund(outRefundNo: string, refundFee: number): Promise<Fields>
  query(outRefundNo?: string): Promise<Fields>
  state(): Promise<string | undefined>
}

const accepted: Said = (params) => done(params, { ...trade, fund_change: 'N', refund_fee: '0.00' })

const says =
  (fields: Params): Said =>
  (params) =>
    done(params, {
      ...trade,
      out_request_no: String(biz(params).out_request_no),
      total_amount: '19.99',
      ...fields,
    })

const nothing: Said = (params) => done(params)

async function refunding(t: Test, onQuery: Said): Promise<Refunding> {
  const gateway = await listen(t, (params) => {
    if (params.method === 'alipay.trade.refund') return it.onRefund(params)
    if (params.method === 'alipay.trade.fastpay.refund.query') return it.onQuery(params)
    return done(params, {
      ...{ ...trade, trade_status: 'TRADE_SUCCESS', total_amount: '19.99' },
      send_pay_date: '2050-01-01 08:00:00',
    })
  })
  const house = await openHouse(t, {
    ...keySettings(gateway.url),
    ...{ PAYMENT_PROVIDER: 'alipay', EVENT_TARGET: 'function:onPayment' },
  })
  const it: Refunding = {
    ...{ house, onQuery, onRefund: accepted },
    refund: (outRefundNo, refundFee) => house.server('refund', { outTradeNo: ORDER, outRefundNo, refundFee }),
    query: (outRefundNo = 'R1') => house.server('refundQuery', { outTradeNo: ORDER, outRefundNo }),
    state: async () => (await house.order(ORDER)).refunds.find((one) => one.outRefundNo === 'R1')?.state,
  }
  const placed = { outTradeNo: ORDER, totalFee: TOTAL, body: 'tea', openid: BUYER_ID }
  t.match(await house.server('createOrder', placed), { errCode: 0, mchId: APP_ID })
  t.match(await it.refund('R1', 500), { errCode: 0, refundStatus: /PROCESSING|REFUNDCLOSE/ })
  return it
}

const told = ({ house }: Refunding) => house.called.map(({ data }) => String(data.type))

/** Settings of the state that is not one: the words in which Alipay leaves it open. */
const open: Said[] = [
  says({ refund_amount: '5.00' }),
  says({ refund_amount: '5.00', refund_status: '' }),
  says({ refund_amount: '5.00', refund_status: 'NEW_WORD' }),
]

t.test('under way at first, then unknown; its own number alone may be repeated', async (t) => {
  for (const said of open) {
    const it = await refunding(t, said)
    const { clock } = it.house
    t.match(await it.query(), { refundStatus: 'PROCESSING' }, 'asked for just now')
    t.equal(await it.state(), 'PROCESSING')
    await clock.advance(10_000)
    t.match(await it.query(), { errCode: 0, refundStatus: 'UNKNOWN', outcome: 'unknown', refundFee: 500 })
    t.equal(await it.state(), 'UNKNOWN')
    t.strictSame(told(it), ['payment.paid'], 'nobody knows yet')
    t.match(await it.refund('R2', 1600), { errCode: 'REFUND_TOO_MUCH' }, 'it counts')
    t.match(await it.refund('R2', 500), { errCode: 'REFUND_UNRESOLVED', errMsg: /R1/ })
    t.match(await it.refund('R1', 499), { errCode: 'OUT_REFUND_NO_USED' })
    it.onRefund = (params) => done(params, { ...trade, fund_change: 'Y', refund_fee: '5.00' })
    t.match(await it.refund('R1', 500), { errCode: 0, refundStatus: 'SUCCESS' }, 'the repeat succeeds')
    t.strictSame(told(it), ['payment.paid', 'refund.succeeded'])
    t.match(await it.refund('R2', 500), { errCode: 0 }, 'and then others may')
  }
})

t.test('the repeat is refused: closed, and the money free', async (t) => {
  const it = await refunding(t, open[0] ?? nothing)
  await it.house.clock.advance(10_000)
  await it.query()
  it.onRefund = (params) => failed(params, 'ACQ.SELLER_BALANCE_NOT_ENOUGH')
  t.match(await it.refund('R1', 500), { errCode: 'ACQ.SELLER_BALANCE_NOT_ENOUGH' })
  t.equal(await it.state(), 'CLOSED')
  it.onRefund = (params) => done(params, { ...trade, fund_change: 'Y', refund_fee: '19.99' })
  t.match(await it.refund('R2', TOTAL), { errCode: 0, orderState: 'REFUNDED' })
})

t.test('a repeat that says nothing about the refund closes nothing', async (t) => {
  for (const said of [
    () => CUT,
    (params) => failed(params, 'isv.invalid-signature', '40002'),
    (params) => failed(params, 'ACQ.SYSTEM_ERROR'),
  ] as Said[]) {
    const it = await refunding(t, open[0] ?? nothing)
    await it.house.clock.advance(10_000)
    await it.query()
    it.onRefund = said
    t.not((await patiently(it, it.refund('R1', 500))).errCode, 0)
    t.equal(await it.state(), 'UNKNOWN')
    it.onRefund = (params) => failed(params, 'ACQ.SELLER_BALANCE_NOT_ENOUGH')
    await it.refund('R1', 500)
    t.equal(await it.state(), 'UNKNOWN', 'the one before may have arrived')
    await it.house.clock.advance(10_000)
    await it.query()
    await it.refund('R1', 500)
    t.equal(await it.state(), 'CLOSED', 'it did not')
  }
})

t.test('REFUND_FAIL is read: closed, and told', async (t) => {
  for (const fields of [
    { refund_amount: '5.00', refund_status: 'REFUND_FAIL' },
    { refund_status: 'REFUND_FAIL' },
  ]) {
    const it = await refunding(t, says(fields as Params))
    t.equal(await it.state(), 'CLOSED', 'so soon, it is read at once')
    t.strictSame(told(it), ['payment.paid', 'refund.closed'])
    t.match(await it.refund('R2', TOTAL), { errCode: 0 }, 'the money is free')
  }
})

t.test('REFUND_FAIL is read later', async (t) => {
  const it = await refunding(t, open[0] ?? nothing)
  await it.house.clock.advance(10_000)
  await it.query()
  it.onQuery = says({ refund_amount: '5.00', refund_status: 'REFUND_FAIL' })
  t.match(await it.query(), { refundStatus: 'REFUNDCLOSE' })
  t.equal(await it.state(), 'CLOSED')
  t.match(await it.refund('R2', TOTAL), { errCode: 0 })
})

t.test('accepted, and then not known: it may have failed, and is not closed by waiting', async (t) => {
  const it = await refunding(t, nothing)
  t.match(await it.query(), { errCode: 'REFUND_NOT_FOUND' })
  t.equal(await it.state(), 'PROCESSING', 'so soon that says nothing')
  await it.house.clock.advance(10_000)
  t.match(await it.query(), { errCode: 'REFUND_NOT_FOUND' })
  t.equal(await it.state(), 'UNKNOWN')
  await it.house.clock.advance(24 * 3600_000)
  await it.house.server('refundQuery', { outTradeNo: ORDER })
  t.equal(await it.state(), 'UNKNOWN')
  t.match(await it.refund('R2', 500), { errCode: 'REFUND_UNRESOLVED' })
  it.onRefund = (params) => failed(params, 'ACQ.TRADE_HAS_FINISHED')
  await it.refund('R1', 500)
  t.equal(await it.state(), 'CLOSED')
})

t.test('all refunds of an order: those that are not in the answers too', async (t) => {
  const it = await refunding(t, nothing)
  await it.house.clock.advance(10_000)
  t.match(await it.house.server('refundQuery', { outTradeNo: ORDER }), { errCode: 'REFUND_NOT_FOUND' })
  t.equal(await it.state(), 'UNKNOWN')
})
