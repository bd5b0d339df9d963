import type { Test } from 'tap'
import type { Store } from '../../shared/store/port.js'
import { openHouse } from './house.js'
import { paid, signedXml } from './weixin-v2/message.js'

/** A store, and how it goes away and comes back. */
export interface Outage {
  store: Store
  down(): void
  up(): void | Promise<void>
}

/** A client is told within this time, in milliseconds of real time; a provider gives up after five seconds. */
const CLIENT_MS = 3000

const outTradeNo = 'T20500101'
const ORDER = { outTradeNo, totalFee: 1999, body: 'tea', openid: 'oAlice' }

/** What callers see while the store is away, and that nothing is half done when it is back. */
export async function paymentsWithoutStore(t: Test, { store, down, up }: Outage): Promise<void> {
  const house = await openHouse(t, { EVENT_TARGET: 'function:onPayment' }, store)
  await house.server('createOrder', ORDER)
  const sessionToken = await house.login('oAlice')
  const before = await house.order(outTradeNo)
  const other = { ...ORDER, outTradeNo: 'T20500102' }
  const notice = () => house.notice(signedXml(paid()))
  const unavailable = async (call: Promise<unknown>, name: string) => {
    const startedAt = process.hrtime.bigint()
    t.match(await call, { errCode: 'STORE_UNAVAILABLE', advice: 'retry' }, name)
    const ms = Number(process.hrtime.bigint() - startedAt) / 1e6
    t.ok(ms <= CLIENT_MS, `${name}: told after ${Math.round(ms)} ms`)
  }
  // Before the outage, so that no call pays for loading code.
  t.match(await house.client('orderQuery', { sessionToken, outTradeNo: 'nobodys' }), {
    errCode: 'ORDER_NOT_FOUND',
  })

  down()
  await Promise.all([
    unavailable(house.client('getOrderInfo', { sessionToken, outTradeNo }), 'getOrderInfo'),
    unavailable(house.client('orderQuery', { sessionToken, outTradeNo }), 'orderQuery'),
    unavailable(house.server('createOrder', other), 'createOrder'),
    unavailable(house.server('refund', { outTradeNo, outRefundNo: 'R1', refundFee: 1 }), 'refund'),
    unavailable(house.timer('eventDispatch'), 'eventDispatch'),
    notice().then((answer) =>
      t.match(answer, { body: /<return_code>FAIL</ }, 'the callback answers failure'),
    ),
  ])

  await up()
  t.strictSame(await house.order(outTradeNo), before, 'nothing of it was done')
  // A driver that repeats a write may carry it out when the line is back: as a whole, or not at all.
  for (const made of await store.orders.findByOutTradeNo(other.outTradeNo)) {
    t.match(made, { ...other, state: 'CREATED', history: [{ to: 'CREATED' }] }, 'nor half of an order')
  }
  t.match(await notice(), { body: /<return_code>SUCCESS</ }, 'the provider comes again')
  const { state, history, events } = await house.order(outTradeNo)
  t.equal(state, 'PAID')
  t.equal(history.filter(({ to }) => to === 'PAID').length, 1)
  t.equal(events.length, 1)
}
