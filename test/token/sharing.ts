import type { Test } from 'tap'
import type { Store } from '../../shared/store/index.js'
import type { TokenMode } from '../../shared/token/lease.js'
import { type Deployment, deployment } from './instances.js'

type Stores = readonly [Store, ...Store[]]
type Case = (t: Test, deployment: (mode?: TokenMode) => Deployment) => Promise<void>

const one = (tokens: readonly string[]): string => {
  const [first = 'none', ...others] = new Set(tokens)
  return others.length === 0 ? first : `${others.length + 1} different ones`
}

const coldStorm: Case = async (t, deployment) => {
  const { provider, startMany, all } = deployment()
  t.equal(one(await all(startMany(200), (keeper) => keeper.get())), 'token-1')
  t.same(provider.fetches, [false])
}

/** All have a token that the provider refuses. */
async function refusedStorm(deployment: Deployment): Promise<{ answers: string[]; late: string }> {
  const keepers = deployment.startMany(200)
  const dead = one(await deployment.all(keepers, (keeper) => keeper.get()))
  deployment.provider.refuseCurrent()
  deployment.provider.fetches.length = 0
  const answers = await deployment.all(keepers, (keeper) => keeper.reportDead(dead))
  const late = await deployment.clock.runUntil(deployment.start().reportDead(dead))
  return { answers, late }
}

const deadStorm: Case = async (t, deployment) => {
  const there = deployment()
  const { answers, late } = await refusedStorm(there)
  t.same(there.provider.fetches, [false, true], 'forced only since the normal one gave the dead token again')
  t.equal(one(answers), 'token-2')
  t.equal(late, 'token-2', 'a late reporter uses what is there')
}

const deadStormPlain: Case = async (t, deployment) => {
  const there = deployment('plain')
  const { answers, late } = await refusedStorm(there)
  t.same(there.provider.fetches, [false], 'a plain endpoint needs no force')
  t.equal(one(answers), 'token-2')
  t.equal(late, 'token-2')
}

const killedHolder: Case = async (t, deployment) => {
  const { clock, provider, start, startMany, all } = deployment()
  const begun = clock.now()
  start({ fetchToken: () => new Promise(() => undefined) }).get()
  await clock.advance(3000)
  t.equal(one(await all(startMany(20), (keeper) => keeper.get())), 'token-1')
  const waited = clock.now() - begun
  t.ok(waited <= 10_000 + 200 + 500, `${waited} ms are the lease, one fetch and one look`)
  t.same(provider.fetches, [false], 'one of them took over')
}

const slowHolder: Case = async (t, deployment) => {
  const { clock, start } = deployment()
  const slow = start({
    async fetchToken() {
      await clock.sleep(12_000)
      return { token: 'too late', expiresInSeconds: 7200 }
    },
  })
  const answer = slow.get()
  await clock.advance(1000)
  t.equal(await clock.runUntil(start().get()), 'token-1', 'taken over when the lease ended')
  t.equal(await clock.runUntil(answer), 'token-1', 'the slow one learns of it')
  t.equal(await clock.runUntil(start().get()), 'token-1', 'and has overwritten nothing')
}

const failedFetch: Case = async (t, deployment) => {
  const { clock, provider, start } = deployment()
  const failing = start({ fetchToken: () => Promise.reject(new Error('upstream')) })
  const begun = clock.now()
  await t.rejects(clock.runUntil(failing.get()), /upstream/)
  t.equal(await clock.runUntil(start().get()), 'token-1')
  t.equal(clock.now() - begun, 200, 'nobody waits for a lease that was given up')
  t.same(provider.fetches, [false])
}

const timer: Case = async (t, deployment) => {
  for (const [mode, at] of [['stable', 300] as const, ['plain', 600] as const]) {
    const { clock, provider, start } = deployment(mode)
    await clock.runUntil(start().get())
    const early = 7200 - at - 1
    await clock.advance(early * 1000 - 200)
    t.match(
      await clock.runUntil(start().refresh()),
      { refreshed: false },
      `${mode}: not with ${at + 1} s left`,
    )
    await clock.advance(1000)
    t.same(
      await clock.runUntil(start().refresh()),
      { refreshed: true, expiresAt: clock.now() - 200 + 7_200_000 },
      `${mode}: with ${at} s left`,
    )
    t.same(provider.fetches, [false, false])
  }
}

const cases = { coldStorm, deadStorm, deadStormPlain, killedHolder, slowHolder, failedFetch, timer }

/** What instances do together, over stores that `open` answers empty. */
export async function sharing(t: Test, open: () => Promise<Stores>): Promise<void> {
  for (const [name, run] of Object.entries(cases)) {
    await t.test(name, async (t) => {
      const stores = await open()
      await run(t, (mode) => deployment(stores, mode))
      for (const store of stores) await store.close()
    })
  }
}
