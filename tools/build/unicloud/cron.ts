import { MINUTE_MS } from '../../../shared/clock.js'
import { AGAIN_MINUTES, periodMs } from '../../../shared/server/schedule.js'
import { Refusal } from './space.js'

/**
 * `every`, such as `5m` or `12h`, as uniCloud's cron: second, minute, hour, day, month, weekday, year, in UTC+8.
 * Hourly and rarer timers start at an odd minute made of the function's name: at full hours, when everybody's start,
 * some of Alibaba's are lost. Throws {@link Refusal} for a period that no cron can say.
 */
export function cronOf(every: string, name: string, at?: string): string {
  if (at !== undefined) return dailyAt(at)
  const minutes = periodMs(every) / MINUTE_MS
  const hours = minutes / 60
  if (minutes === 1) return '0 * * * * * *'
  if (minutes < 60 && divides(minutes, 60)) return `0 */${minutes} * * * * *`
  if (hours === 1) return `0 ${oddMinute(name)} * * * * *`
  if (hours < 24 && divides(hours, 24)) return `0 ${oddMinute(name)} */${hours} * * * *`
  if (hours === 24) return `0 ${oddMinute(name)} 3 * * * *`
  throw new Refusal(
    `${name} runs every ${every}, which uniCloud's timers cannot: minutes have to divide the hour, hours the day`,
  )
}

/**
 * Three times, ten minutes apart: what the first run had no time for, or was too early for, the next ones do, and those
 * that find nothing left cost one look.
 */
function dailyAt(at: string): string {
  const [hour = 0, minute = 0] = at.split(':').map(Number)
  return `0 ${AGAIN_MINUTES.map((later) => minute + later).join()} ${hour} * * * *`
}

const divides = (part: number, whole: number): boolean => Number.isInteger(part) && whole % part === 0

const oddMinute = (name: string): number =>
  [...name].reduce((sum, character) => sum + 2 * (character.codePointAt(0) ?? 0), 1) % 60
