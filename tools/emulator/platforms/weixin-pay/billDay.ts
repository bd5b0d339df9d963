import { beijingDay } from '../../../../shared/clock.js'

const KEPT_MS = 92 * 24 * 3600 * 1000

/** Whether `yyyyMMdd` is a day of the calendar. */
export function isDay(day: string): boolean {
  const at = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00+08:00`)
  return /^\d{8}$/.test(day) && Number.isFinite(at) && beijingDay(at) === day
}

/**
 * Whether there can be a bill of a day (`yyyyMMdd`): not of the future, and not of more than three months ago. Today
 * has one already, unlike at WeChat Pay, or nobody who tries it here would ever see one.
 */
export const isBillDay = (day: string, now: number): boolean =>
  day <= beijingDay(now) && day >= beijingDay(now - KEPT_MS)
