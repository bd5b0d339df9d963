import { beijingDay, beijingDayStart, DAY_MS, HOUR_MS, MINUTE_MS, systemClock } from '../../shared/clock.js'
import type { OrderRecord } from '../../shared/store/port.js'
import { type Books, compareBooks } from '../demo/day/books.js'
import { type Bills, compareBills } from './bills.js'
import type { Dice } from './dice.js'
import { anyProvider, forgedNotice, isThanks } from './forgeries.js'
import { later, order, type Plan, planOf } from './life.js'
import { plant, restored } from './planted.js'
import type { Scene } from './scene.js'

export interface SoakOptions {
  orders: number
  /** How often the cloud is killed, and the store cut off, about. */
  kills: number
  cuts: number
  dice: Dice
  /** Whether to begin no further orders, and go on to the end with those that were made. */
  isEnough?: () => boolean
  /** Hears how far it is. */
  tell?: (line: string) => void
}

export interface SoakResult {
  problems: string[]
  books: Books
  bills: Bills
  deaths: number
  cuts: number
  forgeries: number
  events: number
  faults: Readonly<Record<string, number>>
}

/** Orders that are begun between two moves of the clock, and how many of them at the same time. */
const ROUND = 30
const AT_ONCE = 6

/** How far the clock moves after a round: WeChat Pay closes no order in its first five minutes. */
const STEP_MS = 2 * MINUTE_MS
const STEPS = 3

/** By half past ten all bills of the day before are there. */
const MADE_BY_MS = 10.5 * HOUR_MS

/** Runs all of it: orders under troubles, the healing, the books, the bills, and the bills again with planted faults. */
export async function soak(scene: Scene, options: SoakOptions): Promise<SoakResult> {
  const { orders, dice, tell = () => undefined, isEnough = () => false } = options
  const problems: string[] = []
  const counts = { cuts: 0, forgeries: 0 }
  const plans = Array.from({ length: orders }, (_, n) => planOf(n + 1, dice))
  let waiting: { plan: Plan; turn: number }[] = []
  const noted = (plan: Plan, work: Promise<unknown>) =>
    work.catch((error: unknown) => {
      problems.push(`${plan.outTradeNo}: ${error instanceof Error ? error.message : String(error)}`)
      return false
    })
  let made = 0
  for (let from = 0; from < orders && !isEnough(); from += ROUND) {
    made = Math.min(orders, from + ROUND)
    const round = plans.slice(from, from + ROUND)
    const back = waiting.splice(0)
    const work = [
      ...round.map((plan) => async () => {
        await noted(plan, order(scene, plan))
        waiting.push({ plan, turn: 0 })
        if (dice.happens(0.3)) counts.forgeries += await forge(scene, plan, dice, problems)
      }),
      ...back.map(({ plan, turn }) => async () => {
        if (await noted(plan, later(scene, plan, turn))) waiting.push({ plan, turn: turn + 1 })
      }),
    ]
    const rounds = Math.ceil(orders / ROUND)
    const troubles = Promise.all([
      dice.happens(options.kills / rounds) ? killed(scene, dice) : undefined,
      dice.happens(options.cuts / rounds) ? cutOff(scene, dice).then(() => (counts.cuts += 1)) : undefined,
    ])
    await allOf(work, AT_ONCE)
    await troubles
    await pass(scene, STEPS, STEP_MS)
    tell(`${made} of ${orders} orders, ${scene.cloud.deaths} deaths, ${counts.cuts} cuts`)
  }
  scene.platforms.faults.clear()
  while (waiting.length > 0) {
    const back = waiting
    waiting = []
    for (const { plan, turn } of back) {
      if (await noted(plan, later(scene, plan, turn))) waiting.push({ plan, turn: turn + 1 })
    }
    await pass(scene, STEPS, STEP_MS)
  }
  await healed(scene, tell)
  const stored = await storedOrders(scene, plans.slice(0, made))
  const books = compareBooks(scene.platforms, stored, scene.merchant.events)
  problems.push(...books.problems)
  tell(`books compared: ${books.problems.length} problems`)
  const bills = await billsOf(scene, stored, problems, tell)
  if (scene.merchant.refused() > 0)
    problems.push(`${scene.merchant.refused()} messages were not the merchant's`)
  return {
    ...{ problems, books, bills, ...counts, deaths: scene.cloud.deaths },
    ...{ events: scene.merchant.events.length, faults: scene.troubles.counts },
  }
}

async function allOf(work: readonly (() => Promise<unknown>)[], atOnce: number): Promise<void> {
  const queue = [...work]
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await next()
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

async function killed({ cloud }: Scene, dice: Dice): Promise<void> {
  await systemClock.sleep(dice.upTo(1500))
  await cloud.kill()
}

async function cutOff(scene: Scene, dice: Dice): Promise<void> {
  await systemClock.sleep(dice.upTo(1000))
  // A cloud that dies meanwhile comes back connected.
  await scene.cutStore(true).catch(() => undefined)
  await systemClock.sleep(300 + dice.upTo(2700))
  await scene.cutStore(false).catch(() => undefined)
}

/** Sends a forged notice of that order. Whether the cloud was there to hear it: 1 or 0. */
async function forge(scene: Scene, plan: Plan, dice: Dice, problems: string[]): Promise<number> {
  const target = { ...plan, at: scene.clock.now() }
  const provider = dice.happens(0.8) ? plan.provider : anyProvider(dice)
  const { path, headers, body } = forgedNotice(scene.platforms, provider, target, dice)
  try {
    const response = await fetch(`${scene.cloud.url}/http/${path}`, { method: 'POST', headers, body })
    if (isThanks(provider, response.status, await response.text())) {
      problems.push(`${plan.outTradeNo}: a forged notice of ${provider} was thanked for`)
    }
    return 1
  } catch {
    return 0
  }
}

/** Lets time pass: what the platforms have to say they say, and the minute timer runs. Answers what it did last. */
async function pass(
  { cloud, platforms }: Scene,
  steps: number,
  ms: number,
): Promise<Record<string, unknown>> {
  let answer: Record<string, unknown> = {}
  for (let step = 0; step < steps; step++) {
    await cloud.move(ms)
    await platforms.tick()
    answer = { ...((await cloud.fire('eventDispatch').catch(() => ({}))) as object) }
  }
  return answer
}

/**
 * A day and a bit, in growing steps: what waits for a question or a delivery has had its time then, also an event that
 * its receiver let fail five times, and an order that nobody paid.
 */
async function healed(scene: Scene, tell: (line: string) => void): Promise<void> {
  await pass(scene, 10, MINUTE_MS)
  await pass(scene, 17, 10 * MINUTE_MS)
  await pass(scene, 22, HOUR_MS)
  tell('a day has passed')
}

async function storedOrders({ store }: Scene, plans: readonly Plan[]): Promise<OrderRecord[]> {
  const found: OrderRecord[] = []
  for (const { outTradeNo } of plans) found.push(...(await store.orders.findByOutTradeNo(outTradeNo)))
  return found
}

/** The bills of each day twice: as everything is, and once differences were planted, which must be all that is found. */
async function billsOf(
  scene: Scene,
  orders: readonly OrderRecord[],
  problems: string[],
  tell: (line: string) => void,
): Promise<Bills> {
  const days = new Set<string>()
  // The last day's bill is made in the morning.
  await pass(scene, 1, beijingDayStart(scene.clock.now()) + DAY_MS + MADE_BY_MS - scene.clock.now())
  const first = Math.min(...orders.map(({ createdAt }) => createdAt))
  for (let at = beijingDayStart(first); at < beijingDayStart(scene.clock.now()); at += DAY_MS) {
    days.add(beijingDay(at))
  }
  const before = await compareBills(scene, days)
  for (const { type, outTradeNo, why } of before.open) {
    problems.push(`${outTradeNo}: the bill differs, and nothing was planted: ${type}, ${why}`)
  }
  problems.push(...before.failed)
  tell(`bills compared: ${before.rows} rows, ${before.open.length} open differences`)
  const victim = orders.find(({ state, refunds }) => state === 'PAID' && refunds.length === 0)
  if (victim) await scene.store.orders.replace(restored(victim))
  const rest = orders.filter((order) => order !== victim)
  const planted = await plant(scene.store, rest)
  const after = await compareBills(scene, days)
  problems.push(...after.failed)
  const keyOf = ({ type, outTradeNo }: { type: string; outTradeNo: string }) => `${type} ${outTradeNo}`
  const found = new Set(after.open.map(keyOf))
  for (const each of planted)
    if (!found.delete(keyOf(each))) problems.push(`planted and not found: ${keyOf(each)}`)
  for (const each of found) problems.push(`found and not planted: ${each}`)
  const healedOrder = victim && (await scene.store.orders.find(victim))
  if (victim && healedOrder?.state !== 'PAID') {
    problems.push(
      `${victim.outTradeNo}: restored from before its payment, and ${healedOrder?.state} after the bill`,
    )
  }
  tell(`bills compared again: ${planted.length} planted differences, ${after.open.length} found`)
  return { ...after, planted: planted.length }
}
