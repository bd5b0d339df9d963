import type { Store, TokenRecord } from '../../../shared/store/index.js'
import { NOW } from './records.js'
import { atOnce, countOf, type Part } from './subject.js'

/** These parts are kept without a store too, by a process for itself. */
type Tokens = Pick<Store, 'tokens'>

const record = (key: string, token: string): TokenRecord => ({
  key,
  token,
  expiresAt: NOW + 7_200_000,
  fetchedAt: NOW,
})

/** A lease is taken once, runs out by the caller's clock, and alone allows a token to be written. */
export const leases: Part<Tokens> = async (t, { stores: [{ tokens }] }) => {
  const key = 'weixin:lease'
  t.equal(await tokens.read(key), undefined)
  t.same(await tokens.view(key), { leaseUntil: 0 })

  t.equal(await tokens.acquire(key, 'a', NOW, NOW + 10), true)
  t.equal(await tokens.acquire(key, 'b', NOW + 9, NOW + 19), false, 'a running lease is respected')
  t.same(await tokens.view(key), { leaseUntil: NOW + 10 }, 'a lease alone is no token')
  t.equal(await tokens.write(record(key, 'of b'), 'b', NOW + 9), false, 'no token without the lease')
  t.equal(await tokens.write(record(key, 'of a'), 'a', NOW + 10), false, 'none after its end')

  t.equal(await tokens.acquire(key, 'b', NOW + 10, NOW + 20), true, 'a crashed holder loses it at its end')
  t.equal(await tokens.write(record(key, 'of b'), 'b', NOW + 11), true)
  t.same(await tokens.view(key), { record: record(key, 'of b'), leaseUntil: 0 })
  t.equal(await tokens.write(record(key, 'of a'), 'a', NOW + 11), false, 'a slow former holder is too late')
  t.equal(await tokens.write(record(key, 'again'), 'b', NOW + 11), false, 'a write gives the lease up')
  t.same(await tokens.read(key), record(key, 'of b'))

  t.equal(await tokens.acquire(key, 'c', NOW + 11, NOW + 21), true)
  await tokens.release(key, 'b')
  t.equal(await tokens.acquire(key, 'd', NOW + 12, NOW + 22), false, "nobody gives up another's lease")
  await tokens.release(key, 'c')
  t.equal(await tokens.acquire(key, 'd', NOW + 12, NOW + 22), true)
  t.same(await tokens.read(key), record(key, 'of b'), 'the token outlives leases')
}

/** A lease and a budget that were written while some clock was ahead hold nobody up once it is right. */
export const clockAhead: Part<Tokens> = async (t, { stores: [{ tokens }] }) => {
  for (const ahead of [600_000, 86_400_000]) {
    const key = `weixin:ahead ${ahead}`
    t.equal(await tokens.acquire(key, 'ahead', NOW + ahead, NOW + ahead + 10), true)
    t.equal(await tokens.acquire(key, 'right', NOW, NOW + 10), true, `${ahead} ms`)
    t.equal(await tokens.write(record(key, 'of the other'), 'ahead', NOW + ahead), false)
    t.equal(await tokens.write(record(key, 'of right'), 'right', NOW + 1), true)
    await tokens.acquire(key, 'fast', NOW + 9, NOW + 19)
    t.equal(
      await tokens.acquire(key, 'right', NOW, NOW + 10),
      false,
      'up to twice its length it is respected',
    )

    const limits = { minGapMs: 30_000, perDay: 1, dayStart: NOW - (NOW % 86_400_000) }
    const there = { ...limits, dayStart: NOW + ahead - ((NOW + ahead) % 86_400_000) }
    t.equal(await tokens.takeForced(key, NOW + ahead, there), true)
    t.equal(await tokens.takeForced(key, NOW, limits), true, 'counted elsewhere')
    t.equal(await tokens.takeForced(key, NOW + 30_000, limits), false, 'one a day')
  }
}

export const oneHolder: Part<Tokens> = async (t, subject) => {
  const key = 'weixin:storm'
  const acquire = (at: number) =>
    atOnce(subject, 200, ({ tokens }, index) => tokens.acquire(key, `${at} ${index}`, at, at + 10))
  t.equal(countOf(await acquire(NOW)), 1, 'of 200 that find nothing')
  t.equal(countOf(await acquire(NOW + 5)), 0, 'of 200 during the lease')
  t.equal(countOf(await acquire(NOW + 10)), 1, 'of 200 that find it run out')
}

export const forcedBudget: Part<Tokens> = async (t, subject) => {
  const key = 'weixin:forced'
  const limits = { minGapMs: 30_000, perDay: 3, dayStart: NOW }
  const [{ tokens }] = subject.stores
  const taken = (at: number) => tokens.takeForced(key, at, limits)

  t.equal(countOf(await atOnce(subject, 50, ({ tokens }) => tokens.takeForced(key, NOW, limits))), 1)
  t.equal(await taken(NOW + 29_999), false, '30 s apart')
  t.equal(countOf(await atOnce(subject, 50, ({ tokens }) => tokens.takeForced(key, NOW + 30_000, limits))), 1)
  t.equal(await taken(NOW + 60_000), true)
  t.equal(await taken(NOW + 90_000), false, 'the budget of the day is used up')
  const tomorrow = { ...limits, dayStart: NOW + 86_400_000 }
  t.equal(await tokens.takeForced(key, tomorrow.dayStart, tomorrow), true, 'the next day has its own')
  t.equal(await tokens.acquire(key, 'a', NOW, NOW + 10), true, 'the budget is no lease')
  t.equal(await tokens.read(key), undefined)
}
