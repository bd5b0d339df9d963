import {
  beijingDateTime,
  beijingDay,
  beijingDayStart,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
} from '../../../shared/clock.js'
import { type OrderInfo, type ProviderName, providerNames } from '../../emulator/platforms/index.js'
import { call, expect, type Fields, succeeded } from '../calls.js'
import type { Report, StepResult } from '../report.js'
import { type Books, compareBooks, printedBooks } from './books.js'
import { type PlannedOrder, plannedOrders } from './orders.js'
import type { DayWorld } from './world.js'

/** How often the clock stops to let the timers run. They would run each minute; what is due then is due now too. */
const TICK_MS = 5 * MINUTE_MS

/** WeChat Pay closes no order in its first five minutes. */
const CLOSABLE_MS = 6 * MINUTE_MS

const noticeOf: Readonly<Record<ProviderName, { payment: string; refund: string }>> = {
  'weixin-v2': { payment: 'weixin-pay-v2.notice', refund: 'weixin-pay-v2.refundNotice' },
  'weixin-v3': { payment: 'weixin-pay-v3.notice', refund: 'weixin-pay-v3.refundNotice' },
  alipay: { payment: 'alipay.notice', refund: 'alipay.refundNotice' },
}

interface Day {
  world: DayWorld
  opening: number
  orders: readonly PlannedOrder[]
  /** Orders that were made so far. */
  made: number
  refunds: PlannedOrder[]
  sessions: Map<string, { openid: string; sessionToken: string }>
  /** How often a new access token was fetched. */
  tokens: number
}

/** Eight in the morning of the Beijing day in which `now` (ms) lies. */
export const openingOf = (now: number): number => beijingDayStart(now) + 8 * HOUR_MS

/**
 * One merchant's day from 8 in the morning until the next day's bill was compared, on the clock of `world`. Rejects with
 * `StepFailed` when something went wrong, or when the books of the two sides do not agree in the end.
 */
export async function playDay(world: DayWorld, { step, end }: Report, count = 200): Promise<Books> {
  const opening = openingOf(world.clock.now())
  const orders = plannedOrders(opening, count)
  const day: Day = { world, opening, orders, made: 0, refunds: [], sessions: new Map(), tokens: 0 }
  const at = (hours: number) => opening + (hours - 8) * HOUR_MS
  await step('shop opened', () => opened(day))
  await step('morning', () => sold(day, at(14)))
  await step('keys exchanged', () => exchanged(day))
  await step('afternoon', () => sold(day, at(24) - 2000))
  await step('midnight', () => midnight(day))
  await step('found by asking', () => found(day, at(24 + 10.4)))
  await step('bills compared', () => compared(day, at(24 + 10.5)))
  const books = await step('books compared', () => agreed(day))
  const facts = { orders: count, there: books.there, here: books.here, problems: books.problems }
  end(`${printedBooks(books)}\n\nthe books of both sides agree`, facts)
  return books
}

async function opened(day: Day): Promise<StepResult<void>> {
  const { world } = day
  succeeded(await world.cloud.fire('certificateRefresh'))
  for (const person of ['alice', 'bob'])
    for (const provider of providerNames) await sessionOf(day, person, provider)
  await timers(day)
  const text = `It is ${beijingDateTime(world.clock.now())} in Beijing; three payment systems, ${day.orders.length} orders to come.`
  return { text, facts: { at: world.clock.now() }, value: undefined }
}

/** The session of somebody in the wallet of a provider. */
async function sessionOf({ world, sessions }: Day, person: string, provider: ProviderName) {
  const wallet = provider === 'alipay' ? 'alipay' : 'weixin'
  const known = sessions.get(`${wallet} ${person}`)
  if (known) return known
  const { platforms, phones } = world
  const code = wallet === 'alipay' ? platforms.alipay.login(person) : platforms.login(person)
  const { openid, sessionToken } = await call(phones[wallet], 'authCode2Session', { code })
  const session = { openid: String(openid), sessionToken: String(sessionToken) }
  sessions.set(`${wallet} ${person}`, session)
  return session
}

/** What the clouds' timers do. */
async function timers(day: Day): Promise<void> {
  const { cloud, platforms } = day.world
  await platforms.tick()
  succeeded(await cloud.fire('eventDispatch'))
  const answer = succeeded(await cloud.fire('tokenRefresh'))
  const refreshed = ((answer.tokens ?? []) as Fields[]).filter(({ refreshed }) => refreshed === true)
  day.tokens += refreshed.length
}

/** Lets time pass, and the timers run. */
async function passUntil(day: Day, until: number): Promise<void> {
  const { clock } = day.world
  while (clock.now() < until) {
    const next = clock.now() + TICK_MS - (clock.now() % TICK_MS)
    clock.moveTo(Math.min(next, until))
    if (next <= until) await timers(day)
  }
}

async function sold(day: Day, until: number): Promise<StepResult<void>> {
  const before = day.made
  for (const order of day.orders.slice(before)) {
    if (order.at > until) break
    await giveBackUntil(day, order.at)
    await passUntil(day, order.at)
    await sell(day, order)
    day.made += 1
  }
  await giveBackUntil(day, until)
  await passUntil(day, until)
  const part = day.orders.slice(before, day.made)
  const lost = part.filter(({ fate }) => fate === 'lost').length
  const text = `${part.length} orders until ${timeText(until)}; of ${lost} payments nobody told us.`
  return { text, facts: { orders: part.length, lost, tokens: day.tokens }, value: undefined }
}

const timeText = (at: number): string => beijingDateTime(at).slice(11, 16)

async function sell(day: Day, order: PlannedOrder): Promise<void> {
  const { world } = day
  const { outTradeNo, provider, totalFee, fate, refundFee } = order
  const person = order.at % 2 === 0 ? 'alice' : 'bob'
  const { openid, sessionToken } = await sessionOf(day, person, provider)
  const wish = { outTradeNo, provider, totalFee, openid, body: 'tea', expireMinutes: 60 }
  await world.serve('createOrder', wish)
  const phone = world.phones[provider === 'alipay' ? 'alipay' : 'weixin']
  const { orderInfo } = await call(phone, 'getOrderInfo', { sessionToken, outTradeNo })
  if (fate === 'abandoned') return
  if (fate === 'closed') {
    await passUntil(day, order.at + CLOSABLE_MS)
    return void (await world.serve('closeOrder', { outTradeNo }))
  }
  const { faults } = world.platforms
  if (fate === 'lost') faults.next(noticeOf[provider].payment, 'never')
  if (fate === 'late') faults.next(noticeOf[provider].payment, 'late')
  await world.platforms.requestPayment(orderInfo as OrderInfo)
  if (refundFee !== undefined) day.refunds.push(order)
}

/** Gives back what was bought ten minutes before that moment or earlier. */
async function giveBackUntil(day: Day, until: number): Promise<void> {
  const { world, refunds } = day
  for (let next = refunds[0]; next && next.at + 10 * MINUTE_MS <= until; next = refunds[0]) {
    await passUntil(day, next.at + 10 * MINUTE_MS)
    refunds.shift()
    const { outTradeNo, provider, refundFee, isRefundLost } = next
    if (isRefundLost) world.platforms.faults.next(noticeOf[provider].refund, 'never')
    await world.serve('refund', { outTradeNo, outRefundNo: `${outTradeNo}R`, refundFee })
  }
}

async function exchanged({ world }: Day): Promise<StepResult<void>> {
  const serialNo = world.platforms.rotateCertificate()
  const certSn = world.platforms.alipay.rotateCertificate()
  const text = `WeChat Pay signs with the certificate ${serialNo.slice(0, 8)}... now, Alipay with ${certSn.slice(0, 8)}...`
  return { text, facts: { serialNo, certSn }, value: undefined }
}

/** Paid in the day's last second, and told of in the next day's first hour. */
async function midnight(day: Day): Promise<StepResult<void>> {
  const last = day.orders.at(-1)
  if (!last) throw new Error('no order was planned')
  await passUntil(day, last.at)
  await sell(day, last)
  day.made += 1
  const paidAt = beijingDateTime(day.world.clock.now())
  await passUntil(day, last.at + 2 * HOUR_MS)
  const [order] = await day.world.store.orders.findByOutTradeNo(last.outTradeNo)
  expect(order?.state === 'PAID', `the last order of the day is ${order?.state}`)
  const text = `${last.outTradeNo} was paid at ${paidAt.slice(11)}, and is PAID here before its notice came.`
  return { text, facts: { outTradeNo: last.outTradeNo, paidAt }, value: undefined }
}

async function found(day: Day, until: number): Promise<StepResult<void>> {
  await passUntil(day, until)
  const orders = await storedOrders(day)
  const asked = orders.filter(({ history }) => history.some(({ to, by }) => to === 'PAID' && by === 'query'))
  const lost = day.orders.filter(({ fate }) => fate === 'lost')
  const unpaid = lost.filter(({ outTradeNo }) => !asked.some((order) => order.outTradeNo === outTradeNo))
  expect(unpaid.length === 0, `not found by asking: ${unpaid.map(({ outTradeNo }) => outTradeNo).join(', ')}`)
  const text = `${asked.length} payments were found by the minute timer, the ${lost.length} without a notice among them.`
  return { text, facts: { asked: asked.length, lost: lost.length, tokens: day.tokens }, value: undefined }
}

async function compared(day: Day, at: number): Promise<StepResult<void>> {
  await passUntil(day, at)
  const date = beijingDay(at - DAY_MS)
  const answer = succeeded(await day.world.cloud.fire('billReconcile'))
  const bills = answer.bills as {
    provider: string
    rows: number
    agreed: number
    open: number
    state: string
  }[]
  expect((answer.failed as unknown[]).length === 0, `bills failed: ${JSON.stringify(answer.failed)}`)
  const open = bills.reduce((sum, bill) => sum + bill.open, 0)
  expect(open === 0, `${open} differences are open`)
  expect(
    bills.every(({ state }) => state === 'done'),
    `bills are ${bills.map(({ state }) => state).join(', ')}`,
  )
  const rows = bills.map(({ provider, rows }) => `${rows} of ${provider}`).join(', ')
  const text = `The bills of ${date} have ${rows} rows; no difference is open.`
  return { text, facts: { date, bills }, value: undefined }
}

async function storedOrders({ world, orders }: Day) {
  const { store } = world
  const found = await Promise.all(orders.map(({ outTradeNo }) => store.orders.findByOutTradeNo(outTradeNo)))
  return found.flat()
}

async function agreed(day: Day): Promise<StepResult<Books>> {
  const { platforms, merchant } = day.world
  const books = compareBooks(platforms, await storedOrders(day), merchant.events)
  expect(merchant.refused() === 0, 'the merchant did not believe a message')
  expect(books.problems.length === 0, books.problems.slice(0, 10).join('\n    '))
  const text = `${merchant.events.length} events reached the merchant, each once; ${day.tokens} access tokens were fetched.`
  return { text, facts: { events: merchant.events.length, tokens: day.tokens }, value: books }
}
