import { callOf, granted, landed, paidBy, type Setting } from './apply.js'
import { type Call, Invocation } from './invocation.js'
import type { Left, Start, World } from './world.js'

/** In the future of every real machine. */
const NOW = Date.UTC(2050, 0, 1)

export const ORDER_NO = 'T20500101'
export const TOTAL = 1000

/** Where an exploration may begin. */
export interface Beginnings {
  /** Placed, and nothing else; over two minutes later. */
  placed: World
  /** The payer may pay it. */
  offered: World
  /** Paid, and told by a notice. */
  paid: World
  /** Paid, and the platform has accepted to give a part of it back. */
  refunding: World
}

export async function beginnings(setting: Setting, left: Left): Promise<Beginnings> {
  const { wire } = setting
  const empty: World = {
    ...{ now: NOW, tables: new Map(), books: {}, mail: [], flights: [], left, problems: [] },
    ledger: { promised: [], events: {}, delivered: {} },
  }
  const input = { outTradeNo: ORDER_NO, totalFee: TOTAL, body: 'tea', openid: wire.payer, expireMinutes: 2 }
  const placed = await run(setting, empty, { call: 'getOrderInfo' }, { operation: 'createOrder', input })
  const offered = await run(setting, placed, { call: 'getOrderInfo' })
  await loadAll(setting, offered)
  const unknown = paidBy(offered)
  if (!unknown) throw new Error('the order cannot be paid')
  const paid = { ...(await run(setting, unknown, { call: 'notice', mail: { about: 'payment' } })), mail: [] }
  const refunding = await run(setting, paid, { call: 'refund', outRefundNo: 'R1', refundFee: 700 })
  return { placed, offered, paid, refunding }
}

/** What a function loads when it needs it comes at another moment the first time, and never again. */
async function loadAll(setting: Setting, offered: World): Promise<void> {
  for (const world of [paidBy(offered) ?? offered, offered]) {
    const later = { ...world, now: world.now + 31_000 }
    for (const call of ['timer', 'orderQuery', 'closeOrder'] as const) {
      await run(setting, later, { call }).catch(() => undefined)
    }
    await run(setting, later, { call: 'refund', outRefundNo: 'R1', refundFee: 1 }).catch(() => undefined)
    await run(setting, later, { call: 'refundQuery', outRefundNo: 'R1' }).catch(() => undefined)
  }
}

/** Runs one call from its beginning to its end. Rejects as it does. */
async function run(
  setting: Setting,
  before: World,
  start: Start,
  call: Call = callOf(setting, before, start),
): Promise<World> {
  const invocation = new Invocation(setting.wire.env, call, before.now)
  let world = before
  for (;;) {
    const request = await invocation.next()
    if (!('ending' in request)) {
      const { world: after, step } = granted(setting, world, request)
      world = after
      invocation.settle(step)
      continue
    }
    if ('error' in request.ending) throw request.ending.error
    return landed(setting, world, start, request.ending)
  }
}
