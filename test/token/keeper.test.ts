import t from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import { createTokenMemory } from '../../shared/token/memory.js'
import { HAND_CLOCK_START } from '../support/clock.js'
import { refused } from '../support/refused.js'
import { deployment } from './instances.js'

const LIFE_S = 7200

t.test('readers trust a token until its last minute', async (t) => {
  const { clock, start } = deployment([await openEmbeddedStore()])
  const keeper = start()
  t.match(await clock.runUntil(keeper.current()), { token: 'token-1', fetchedAt: clock.now() - 200 })
  await clock.advance((LIFE_S - 61) * 1000 - 200)
  t.equal(await clock.runUntil(keeper.get()), 'token-1')
  t.equal(await clock.runUntil(start().get()), 'token-1', 'from the store as well')
  await clock.advance(1000)
  t.equal(await clock.runUntil(keeper.get()), 'token-2')
})

t.test('a plain token may have been replaced in its last minutes: memory is not enough then', async (t) => {
  const { clock, provider, start } = deployment([await openEmbeddedStore()], 'plain')
  const remembering = start()
  await clock.runUntil(remembering.get())
  await clock.advance((LIFE_S - 600) * 1000)
  await clock.runUntil(start().refresh())
  t.equal(
    await clock.runUntil(remembering.get()),
    'token-1',
    'still good: plain tokens overlap by five minutes',
  )
  await clock.advance(300_000)
  t.equal(await clock.runUntil(remembering.get()), 'token-2')
  t.same(provider.fetches, [false, false])
})

t.test('while the store is down', async (t) => {
  const store = await openEmbeddedStore()
  const { clock, provider, start } = deployment([store])
  const [warm, idle] = [start(), start()]
  await clock.runUntil(warm.get())
  await clock.runUntil(idle.get())
  await store.close()

  await clock.advance((LIFE_S - 30) * 1000)
  t.equal(
    await clock.runUntil(warm.get()),
    'token-1',
    'a token that still lives is used, even in its last minute',
  )
  t.equal(await refused(clock.runUntil(start().get())), 'STORE_UNAVAILABLE')
  t.equal(await refused(clock.runUntil(warm.refresh())), 'STORE_UNAVAILABLE')
  t.equal(await refused(clock.runUntil(warm.reportDead('token-1'))), 'STORE_UNAVAILABLE', 'a dead one is not')
  t.equal(await refused(clock.runUntil(warm.get())), 'STORE_UNAVAILABLE', 'from then on either')
  t.equal(await clock.runUntil(idle.get()), 'token-1')
  await clock.advance(30_000)
  t.equal(await refused(clock.runUntil(idle.get())), 'STORE_UNAVAILABLE', 'nor one that has ended')
  t.same(provider.fetches, [false], 'nothing is fetched without the lease')
})

t.test('a store that goes down during the fetch does not cost the token', async (t) => {
  const store = await openEmbeddedStore()
  const { clock, provider, start } = deployment([store])
  const keeper = start({
    async fetchToken(how) {
      await store.close()
      return provider.fetch(how)
    },
  })
  t.equal(await clock.runUntil(keeper.get()), 'token-1')
  t.equal(await clock.runUntil(keeper.get()), 'token-1')
  t.same(provider.fetches, [false])
})

t.test('forced fetches: 30 s apart and 20 a Beijing day, and never a word of the token', async (t) => {
  const { clock, provider, start } = deployment([await openEmbeddedStore()])
  const keeper = start()
  // The clock starts at midnight UTC, eight in the morning in Beijing: sixteen hours are left of the day.
  const forceOne = async () => {
    const token = await clock.runUntil(keeper.get())
    provider.refuseCurrent()
    return clock.runUntil(keeper.reportDead(token))
  }
  t.equal(await forceOne(), 'token-2')
  await clock.advance(25_000)
  const failure = await forceOne().catch((error: unknown) => error)
  t.match(failure, { errCode: 'TOKEN_BUDGET', advice: 'wait' })
  t.notMatch(JSON.stringify(failure) + String(failure), /token-\d/)
  for (let taken = 1; taken < 20; taken++) {
    await clock.advance(30_000)
    t.equal(await forceOne(), `token-${taken + 2}`)
  }
  await clock.advance(30_000)
  t.equal(await refused(forceOne()), 'TOKEN_BUDGET')
  t.equal(provider.fetches.filter((forced) => forced).length, 20)
  await clock.advance(HAND_CLOCK_START + 16 * 3_600_000 - clock.now())
  t.equal(await forceOne(), 'token-23', 'the next day has its own twenty')
})

t.test('without a store the process keeps its tokens for itself', async (t) => {
  const { clock, provider, start, all } = deployment([await openEmbeddedStore()])
  const memory = createTokenMemory()
  const local = (key: string) => start({ store: undefined, memory, key })
  const keepers = Array.from({ length: 200 }, () => local('weixin:a:stable'))
  t.same(new Set(await all(keepers, (keeper) => keeper.get())), new Set(['token-1']))
  t.same(provider.fetches, [false], 'one fetch for all')

  provider.refuseCurrent()
  const answers = await all(keepers, (keeper) => keeper.reportDead('token-1'))
  t.same(new Set(answers), new Set(['token-2']))
  t.same(provider.fetches, [false, false, true])

  await clock.runUntil(local('weixin:b:stable').get())
  t.same(provider.fetches.length, 4, 'each key for itself')
})

t.test('a call waits no longer than it has', async (t) => {
  const { clock, start } = deployment([await openEmbeddedStore()])
  const deadline = clock.now() + 3000
  const given: number[] = []
  start({ fetchToken: () => new Promise(() => undefined) }).get()
  await clock.advance(0)
  const hurried = start({ timeLeft: () => deadline - clock.now() })
  t.equal(await refused(clock.runUntil(hurried.get())), 'TOKEN_TIMEOUT')
  t.equal(clock.now(), deadline)

  await clock.advance(10_000)
  for (const timeLeft of [2000, 60_000]) {
    const fetchToken = async ({ timeoutMs }: { timeoutMs: number }) => {
      given.push(timeoutMs)
      return { token: 'any', expiresInSeconds: 0 }
    }
    await clock.runUntil(start({ timeLeft: () => timeLeft, fetchToken }).get())
  }
  t.same(given, [2000, 5000], 'nor does the provider get more')
})

t.test('who joins the search of a hurried call does not share its haste', async (t) => {
  const { clock, start } = deployment([await openEmbeddedStore()])
  start({ fetchToken: () => new Promise(() => undefined) }).get()
  await clock.advance(0)
  const deadline = clock.now() + 3000
  const memory = createTokenMemory()
  const hurried = refused(start({ memory, timeLeft: () => deadline - clock.now() }).get())
  t.equal(await clock.runUntil(start({ memory }).get()), 'token-1')
  t.equal(await hurried, 'TOKEN_TIMEOUT')
})

t.test('within one process one search serves all', async (t) => {
  const store = await openEmbeddedStore()
  const { clock, start, all } = deployment([store])
  await clock.runUntil(start().get())
  let looks = 0
  const { tokens } = store
  const view = (key: string) => {
    looks++
    return tokens.view(key)
  }
  const memory = createTokenMemory()
  const counted = async () => ({ tokens: { ...tokens, view } })
  const keepers = Array.from({ length: 50 }, () => start({ memory, store: counted }))
  t.same(new Set(await all(keepers, (keeper) => keeper.get())), new Set(['token-1']))
  t.equal(looks, 1)
})

t.test('who comes to the lease just after a token came does not fetch again', async (t) => {
  const { tokens } = await openEmbeddedStore()
  const { clock, provider, start } = deployment([await openEmbeddedStore()])
  const first = start({ store: async () => ({ tokens }) })
  const acquire: typeof tokens.acquire = async (...lease) => {
    await first.get()
    return tokens.acquire(...lease)
  }
  const second = start({ store: async () => ({ tokens: { ...tokens, acquire } }) })
  t.equal(await clock.runUntil(second.get()), 'token-1')
  t.same(provider.fetches, [false])
  t.match(await tokens.view('weixin:wx0123456789abcdef:stable'), { leaseUntil: 0 }, 'and keeps no lease')
})

t.test('a plain endpoint is never forced, whatever it answers', async (t) => {
  const { clock, start } = deployment([await openEmbeddedStore()], 'plain')
  const forced: boolean[] = []
  const fetchToken = async (how: { forced: boolean }) => {
    forced.push(how.forced)
    return { token: 'same', expiresInSeconds: 7200 }
  }
  t.equal(await clock.runUntil(start({ fetchToken }).reportDead('same')), 'same')
  t.same(forced, [false])
})

t.test('a clock that was ahead for a while', async (t) => {
  for (const ahead of [600_000, 86_400_000]) {
    const { clock, provider, start } = deployment([await openEmbeddedStore()])
    const remembering = start()
    await clock.advance(ahead)
    await clock.runUntil(remembering.get())
    const [{ tokens }] = [await openEmbeddedStore()]
    clock.setBack(ahead)
    t.equal(await clock.runUntil(remembering.get()), 'token-1')
    t.equal(provider.fetches.length, 2, 'nobody knows when that token ends, so it is asked for')
    await clock.runUntil(start().get())
    t.equal(provider.fetches.length, 2, 'once')

    await clock.advance(ahead)
    await tokens.acquire('weixin:wx0123456789abcdef:stable', 'died', clock.now(), clock.now() + 10_000)
    clock.setBack(ahead)
    const startedAt = clock.now()
    await clock.runUntil(start({ store: async () => ({ tokens }) }).get())
    t.ok(clock.now() - startedAt < 1000, 'the lease of one that died then is not waited for')
  }
})
