import { beijingDayStart, DAY_MS, HOUR_MS, MINUTE_MS } from '../clock.js'

/** Minutes after its time at which what runs once a day runs again: a run that its time limit cut goes on where it was. */
export const AGAIN_MINUTES = [0, 10, 20] as const

const UNIT_MS = { s: 1000, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS } as const

/** Milliseconds of `5m`, `12h` and the like. */
export function periodMs(every: string): number {
  const [, count = '', unit = ''] = /^([1-9]\d*)([smhd])$/.exec(every) ?? []
  if (unit === '') throw new Error(`every: expected something like 5m or 12h, got ${every}`)
  return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]
}

/** Which minute of the day `10:30` is. */
export function minuteOfDay(at: string): number {
  const [hours = 0, minutes = 0] = at.split(':').map(Number)
  return hours * 60 + minutes
}

/** When something runs: this often or, of what runs once a day, `at` this time in Beijing. */
export interface Schedule {
  every: string
  at?: string | undefined
}

/**
 * The period that `now` (ms) lies in, counted from the epoch, and when it began. Every process counts alike, so that
 * the number names one run.
 */
export function periodAt({ every, at }: Schedule, now: number): { period: number; startedAt: number } {
  const length = periodMs(every)
  const offset = at === undefined ? 0 : offsetOf(at)
  const period = Math.floor((now - offset) / length)
  return { period, startedAt: period * length + offset }
}

/** How far behind the start of a day, as the epoch counts it, that time in Beijing is. */
function offsetOf(at: string): number {
  const first = beijingDayStart(0) + minuteOfDay(at) * UNIT_MS.m
  return ((first % DAY_MS) + DAY_MS) % DAY_MS
}

/** What of a timer keeps a period of its own: each time of the day, where it runs once a day and again. */
export function runsOf(name: string, { every, at }: Schedule): (Schedule & { name: string })[] {
  if (at === undefined) return [{ name, every }]
  return AGAIN_MINUTES.map((later) => {
    const minute = minuteOfDay(at) + later
    const time = [Math.floor(minute / 60) % 24, minute % 60].map((each) => String(each).padStart(2, '0'))
    return { name: later === 0 ? name : `${name}+${later}`, every, at: time.join(':') }
  })
}
