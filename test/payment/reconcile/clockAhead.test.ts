import t, { type Test } from 'tap'
import { waitingEvent } from '../../../shared/events/event.js'
import type { OrderInfo } from '../../../tools/emulator/platforms/index.js'
import { notice, order } from '../../store/contract/records.js'
import { openHouse } from '../house.js'
import { openShop, patiently } from '../shop.js'

/** A clock that was ahead for a while, and is right again: what was to happen then happens now. */

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const forEach = (name: string, work: (t: Test, ahead: number) => Promise<void>) =>
  t.test(name, async (t) => {
    for (const ahead of [10 * MINUTE, DAY]) await t.test(`${ahead / MINUTE} minutes`, (t) => work(t, ahead))
  })

forEach('an order that was offered then is asked about as soon as it is right', async (t, ahead) => {
  const shop = await openShop(t, 'weixin-v3')
  const { clock } = shop.house
  await clock.advance(ahead)
  await shop.place()
  const orderInfo = (await shop.offer()) as OrderInfo
  clock.setBack(ahead)
  shop.platforms.faults.next(shop.api.notice, 'dropped', 9)
  await shop.platforms.requestPayment(orderInfo)
  await patiently(shop, shop.house.timer('eventDispatch'))
  t.equal((await shop.order()).state, 'PAID')
  t.match(shop.house.log.at(-1), { notes: [{ event: 'clock.wasAhead', mended: 1 }] })
  await shop.house.timer('eventDispatch')
  t.notMatch(shop.house.log.at(-1), { notes: [{ event: 'clock.wasAhead' }] })
})

forEach('an event that failed then is tried again as soon as it is right', async (t, ahead) => {
  const house = await openHouse(t, { EVENT_TARGET: 'function:onPayment' })
  const at = house.clock.now()
  const events = [waitingEvent('payment.paid', 'A', {}, at), waitingEvent('refund.succeeded', 'A', {}, at)]
  await house.store.orders.create(order({ events }))
  await house.store.notices.receive(notice({ events: [waitingEvent('payment.unmatched', 'N', {}, at)] }))
  await house.clock.advance(ahead)
  house.onCall = async () => ({ errCode: 'BUSY' })
  t.match(await house.timer('eventDispatch'), { delivered: 0, failed: 2 })
  house.clock.setBack(ahead)
  house.onCall = async () => ({ errCode: 0 })
  t.match(await house.timer('eventDispatch'), { delivered: 3, failed: 0 })
})

forEach('so is an attempt that was reserved by a process that died', async (t, ahead) => {
  const house = await openHouse(t, { EVENT_TARGET: 'function:onPayment' })
  const now = house.clock.now()
  const event = {
    ...waitingEvent('payment.paid', 'A', {}, now),
    plannedAt: now + ahead,
    dueAt: now + ahead + 15_000,
  }
  await house.store.orders.create(order({ events: [event] }))
  t.match(await house.timer('eventDispatch'), { delivered: 1 })
})

forEach('a refund notice without a signature is confirmed', async (t, ahead) => {
  const shop = await openShop(t, 'weixin-v2')
  const { clock, store } = shop.house
  await shop.pay()
  await clock.advance(61_000)
  await shop.refund('R1', 500)
  const now = clock.now()
  const claim = {
    id: 'claim',
    kind: 'refund' as const,
    outTradeNo: (await shop.order()).outTradeNo,
    outRefundNo: 'R1',
  }
  await store.notices.receive(
    notice({ ...claim, confirms: 1, confirmAt: now + ahead + 15_000, plannedAt: now + ahead }),
  )
  await shop.platforms.finishRefund('R1').catch(() => undefined)
  t.match(await patiently(shop, shop.house.timer('eventDispatch')), { confirmed: 1 })
})
