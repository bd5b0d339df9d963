import { systemRandom } from '../../shared/clock.js'
import type { Store } from '../../shared/store/index.js'
import { createTokenKeeper, type TokenKeeper } from '../../shared/token/keeper.js'
import type { TokenMode } from '../../shared/token/lease.js'
import { createTokenMemory } from '../../shared/token/memory.js'
import { watched } from '../support/busy.js'
import { type HandClock, handClock } from '../support/clock.js'
import { type Provider, provider } from './provider.js'

export interface Deployment {
  clock: HandClock
  provider: Provider
  /** One more instance: a memory of its own, the store shared with all. */
  start(changes?: Partial<Parameters<typeof createTokenKeeper>[0]>): TokenKeeper
  /** Many. */
  startMany(count: number): TokenKeeper[]
  /** The same question to all of them at once. */
  all<T>(keepers: readonly TokenKeeper[], ask: (keeper: TokenKeeper) => Promise<T>): Promise<T[]>
}

/** Instances of one deployment over these connections, one provider, and time by hand. */
export function deployment(stores: readonly [Store, ...Store[]], mode: TokenMode = 'stable'): Deployment {
  const connections = stores.map(watched)
  const clock = handClock(() => connections.some(({ busy }) => busy()))
  const upstream = provider(clock, mode)
  let started = 0
  const start: Deployment['start'] = (changes) => {
    const connection = connections[started++ % connections.length]
    return createTokenKeeper({
      key: `weixin:wx0123456789abcdef:${mode}`,
      mode,
      store: async () => connection?.store ?? stores[0],
      clock,
      random: systemRandom,
      fetchToken: (how) => upstream.fetch(how),
      timeLeft: () => 60_000,
      memory: createTokenMemory(),
      ...changes,
    })
  }
  return {
    clock,
    provider: upstream,
    start,
    startMany: (count) => Array.from({ length: count }, () => start()),
    all: (keepers, ask) => clock.runUntil(Promise.all(keepers.map(ask))),
  }
}
