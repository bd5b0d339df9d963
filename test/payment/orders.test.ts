import t from 'tap'
import { fen } from '../../shared/money.js'
import { afterPayment, agrees } from '../../shared/payment/orders/applyPayment.js'
import {
  contradicts,
  type OrderHappening,
  type OrderTrigger,
  orderMachine,
  transition,
} from '../../shared/payment/orders/states.js'
import type { PaidFacts, PaymentFacts } from '../../shared/payment/provider.js'
import type { OrderRecord, OrderState } from '../../shared/store/port.js'

const order = (state: OrderState, changes: Partial<OrderRecord> = {}): OrderRecord => ({
  outTradeNo: 'T20500101',
  provider: 'weixin-v2',
  merchantId: '1900000109',
  appId: 'wx0123456789abcdef',
  totalFee: fen(1999),
  currency: 'CNY',
  body: 'tea',
  state,
  createdAt: 1,
  updatedAt: 1,
  history: [],
  refunds: [],
  events: [],
  rev: 3,
  ...changes,
})

const facts = (changes: Partial<PaymentFacts> = {}): PaidFacts => ({
  appId: 'wx0123456789abcdef',
  outTradeNo: 'T20500101',
  tradeState: 'SUCCESS',
  transactionId: '42',
  totalFee: fen(1999),
  feeType: 'CNY',
  ...(changes as Partial<PaidFacts>),
})

const states: OrderState[] = ['CREATED', 'PAYING', 'PAID', 'PARTIALLY_REFUNDED', 'REFUNDED', 'CLOSED']

t.test('the machine: these moves and no others', async (t) => {
  const whats = Object.keys(orderMachine) as OrderHappening[]
  const moves = states.flatMap((from) =>
    whats.flatMap((what) => {
      const by = what === 'offered' ? 'getOrderInfo' : what === 'closedHere' ? 'expiry' : 'notice'
      const after = transition(order(from), { what, by, at: 5 })
      return after ? [`${from} -> ${after.state}`] : []
    }),
  )
  t.strictSame(
    [...new Set(moves)],
    [
      'CREATED -> PAYING',
      'CREATED -> PAID',
      'CREATED -> REFUNDED',
      'CREATED -> CLOSED',
      'PAYING -> PAID',
      'PAYING -> REFUNDED',
      'PAYING -> CLOSED',
      'PAID -> REFUNDED',
      'PAID -> PARTIALLY_REFUNDED',
      'PARTIALLY_REFUNDED -> REFUNDED',
      'CLOSED -> PAID',
      'CLOSED -> REFUNDED',
    ],
  )
})

t.test('what each move tells', async (t) => {
  const told = (from: OrderState, what: OrderHappening, by: OrderTrigger = 'notice') =>
    transition(order(from), { what, by, at: 5 })?.events.map(({ type }) => type)
  t.strictSame(told('CREATED', 'offered', 'getOrderInfo'), [])
  t.strictSame(told('CREATED', 'paid'), ['payment.paid'])
  t.strictSame(told('PAYING', 'paid'), ['payment.paid'])
  t.strictSame(told('PAYING', 'paidInPart'), ['payment.paidThenRefunded'])
  t.strictSame(told('PAYING', 'closedThere'), ['payment.closed'])
  t.strictSame(told('CLOSED', 'paid'), ['payment.paidAfterClose'])
  t.strictSame(told('PAYING', 'givenBack'), ['payment.closed'])
  t.strictSame(told('PAYING', 'givenBackByRefunds'), [])
  t.strictSame(told('CLOSED', 'givenBack'), [])
  t.strictSame(told('PAID', 'givenBack'), [])
  t.equal(told('PAID', 'offered', 'getOrderInfo'), undefined)
  t.equal(told('REFUNDED', 'paid'), undefined)
  t.equal(told('PAYING', 'paid', 'getOrderInfo'), undefined, 'not what causes it')
})

t.test('what cannot be said of an order', async (t) => {
  t.strictSame(
    states.filter((state) => contradicts(order(state), 'closedThere')),
    ['PAID', 'PARTIALLY_REFUNDED'],
  )
  t.equal(transition(order('PAID'), { what: 'closedThere', by: 'query', at: 5 }), undefined)
})

t.test('a move leaves the given order alone, and keeps what waits in it', async (t) => {
  const waiting = { id: 'e', type: 'x', data: '{}', createdAt: 1, attempts: 0, dueAt: 1 }
  const before = Object.freeze(order('PAYING', { events: [waiting] }))
  const after = transition(before, { what: 'paid', by: 'notice', at: 5 })
  t.match(after, {
    rev: 3,
    updatedAt: 5,
    events: [waiting, { type: 'payment.paid', createdAt: 5, dueAt: 5 }],
  })
  t.strictSame(after?.history, [{ at: 5, from: 'PAYING', to: 'PAID', by: 'notice' }])
  t.strictSame(before.history, [])
})

t.test('every word that says paid pays, and no other', async (t) => {
  const after = (tradeState: PaymentFacts['tradeState']) =>
    afterPayment(order('PAYING'), facts({ tradeState }), 'query', 5)?.state
  for (const state of ['SUCCESS', 'REFUND', 'FINISHED'] as const) t.equal(after(state), 'PAID', state)
  for (const state of ['NOTPAY', 'USERPAYING', 'PAYERROR', 'ACCEPT', 'REVOKED'] as const) {
    t.equal(after(state), undefined, state)
  }
  t.equal(after('CLOSED'), 'CLOSED')
  t.equal(
    afterPayment(order('PAID'), facts({ tradeState: 'CLOSED' }), 'query', 5),
    undefined,
    'paid stays paid',
  )
})

t.test('what was paid and given back whole is over; given back in part, it is paid', async (t) => {
  const known = order('PAID', { transactionId: '42', cashFee: fen(1990), timeEnd: '20500101080000' })
  const word = facts({ tradeState: 'CLOSED', refundedFee: fen(1999), timeEnd: '20500102090000', openid: 'o' })
  t.match(afterPayment(known, word, 'query', 5), {
    ...{ state: 'REFUNDED', cashFee: 1990, timeEnd: '20500101080000', payerOpenid: 'o' },
  })
  t.match(afterPayment(order('PAYING'), facts({ refundedFee: fen(500) }), 'query', 5), { state: 'PAID' })
})

t.test('what agrees', async (t) => {
  t.ok(agrees(order('PAYING'), facts()))
  t.ok(agrees(order('PAID', { transactionId: '42' }), facts()))
  t.notOk(agrees(order('PAYING'), facts({ totalFee: fen(1998) })))
  t.notOk(agrees(order('PAYING'), facts({ feeType: 'USD' })))
  t.notOk(agrees(order('PAID', { transactionId: '41' }), facts()))
})

t.test('the same happening is the same event, another is another', async (t) => {
  const id = (changes: Partial<PaymentFacts>, from: OrderState = 'PAYING') =>
    afterPayment(order(from), facts(changes), 'notice', 5)?.events[0]?.id
  t.match(id({}), /^evt_[0-9a-f]{32}$/)
  t.equal(id({}), id({ openid: 'o' }))
  t.not(id({}), id({ transactionId: '43' }))
  t.not(id({}), id({}, 'CLOSED'))
})

t.test('a paid order is of the app it was paid under, whichever the payer asked for last', async (t) => {
  const asked = order('PAYING', { appId: 'wxffffffffffffffff' })
  t.equal(afterPayment(asked, facts(), 'notice', 5)?.appId, 'wx0123456789abcdef')
})
