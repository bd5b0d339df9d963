import { beijingDayStart, DAY_MS, MINUTE_MS } from '../../../shared/clock.js'
import type { FunctionConfig } from '../../../shared/runtime/config.js'
import { AGAIN_MINUTES, minuteOfDay, periodMs } from '../../../shared/server/schedule.js'
import type { CloudContext } from './calls.js'
import { callUniCloud } from './unicloud/call.js'

export interface Timers {
  /** Runs the function as its timer would, after the run that is under way; answers the result. */
  fire(name: string): Promise<unknown>
  /** Lets every schedule run until the local cloud closes. */
  start(): void
}

export class UnknownTimer extends Error {}

/** The timers of functions with a schedule. Two runs of one timer never overlap. */
export function timersOf(cloud: CloudContext): Timers {
  const underWay = new Map<string, Promise<unknown>>()
  const fire = (name: string): Promise<unknown> => {
    const config = cloud.bundles.find(name)
    if (config?.every === undefined) {
      const scheduled = cloud.bundles.configs.filter(({ every }) => every !== undefined)
      const names = scheduled.map((each) => each.name).join(', ') || 'none'
      return Promise.reject(new UnknownTimer(`${name} has no schedule; those with one: ${names}`))
    }
    const run = (underWay.get(name) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => runTimer(cloud, config))
    underWay.set(name, run)
    cloud.background(run)
    return run
  }
  return {
    fire,
    start() {
      for (const { name, every, at } of cloud.bundles.configs) {
        if (every === undefined) continue
        const period = periodMs(every)
        for (const first of firstTimes(cloud.clock.now(), period, at)) {
          cloud.background(repeat(cloud, { first, period }, () => fire(name)))
        }
      }
    },
  }
}

/** When a timer runs first: one with a time of the Beijing day, `10:30`, then and ten and twenty minutes later, as deployed. */
function firstTimes(now: number, period: number, at?: string): number[] {
  if (at === undefined) return [now + period]
  return AGAIN_MINUTES.map((later) => {
    const today = beijingDayStart(now) + (minuteOfDay(at) + later) * MINUTE_MS
    return today > now ? today : today + DAY_MS
  })
}

/** A run that lasts longer than the period makes the next one late; the missed ones are not made up for. */
async function repeat(
  { clock, closing }: CloudContext,
  { first, period }: { first: number; period: number },
  run: () => Promise<unknown>,
): Promise<void> {
  let due = first
  while (!closing.aborted) {
    await clock.sleep(Math.max(0, due - clock.now()), closing)
    if (closing.aborted) return
    await run().catch(() => undefined)
    due = Math.max(due + period, clock.now())
  }
}

/** Alibaba's edition does not tell a timer's configured name, and says the older names as well. */
async function runTimer(cloud: CloudContext, config: FunctionConfig): Promise<unknown> {
  const { edition, timerName: TriggerName = config.name, timerSeconds: patience } = cloud.limits
  const Time = new Date(cloud.clock.now()).toISOString()
  const older = edition === 'aliyun' ? { triggerName: TriggerName, triggerTime: Time } : {}
  const event = { ...older, Time, TriggerName, Type: 'Timer' }
  return (await callUniCloud(cloud, { config, event, source: 'timing', ip: '127.0.0.1', patience })).result
}
