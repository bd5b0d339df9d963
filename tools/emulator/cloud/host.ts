import { systemClock, systemRandom } from '../../../shared/clock.js'
import { environmentSource, type SettingName, Settings, settingInfo } from '../../../shared/config/index.js'
import { HOST, type Host } from '../../../shared/runtime/host.js'
import { maskText } from '../../../shared/runtime/log.js'
import type { Bundles } from './bundles.js'
import { type Cloud, keepLine } from './calls.js'
import { surviveCrashes } from './crash.js'
import type { LocalCloudOptions } from './options.js'
import { callAsServer } from './unicloud.js'

let isTaken = false

/** What the doors share. `pending` gathers the work that closing has to wait for. */
export function cloudOf(
  { clock = systemClock, random = systemRandom, env, log = console.log }: LocalCloudOptions,
  bundles: Bundles,
  closing: AbortSignal,
  pending: Set<Promise<unknown>>,
): Cloud {
  const names = new Set(Object.keys(settingInfo) as SettingName[])
  const secrets = new Settings([environmentSource(env)], names).secrets()
  const mask = (text: string) => maskText(text, secrets)
  return {
    ...{ bundles, clock, random, closing, mask },
    log: (line) => log(mask(line)),
    background(work) {
      const settled = work.catch(() => undefined).finally(() => pending.delete(settled))
      pending.add(settled)
    },
  }
}

/**
 * Puts the seam in place before the first function loads; answers how to take it away. Throws when another local cloud
 * of this process sits there: the functions find their host on `globalThis`, which has one place.
 */
export function takeSeat({ store, env, log = console.log }: LocalCloudOptions, cloud: Cloud): () => void {
  const host: Host = {
    ...(store ? { store } : {}),
    clock: cloud.clock,
    random: cloud.random,
    env,
    log(line) {
      keepLine(line)
      log(line)
    },
    callFunction: (name, data) => callAsServer(cloud, name, data),
  }
  if (isTaken) throw new Error('a local cloud runs in this process already; close it first')
  const place = globalThis as { [HOST]?: Host }
  const former = place[HOST]
  place[HOST] = host
  isTaken = true
  const stopSurviving = surviveCrashes(cloud.log)
  return () => {
    stopSurviving()
    if (former) place[HOST] = former
    else delete place[HOST]
    isTaken = false
  }
}
