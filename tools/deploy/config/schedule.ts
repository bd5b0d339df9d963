import { DeployFailure } from '../failure.js'
import type { TimerConfig } from './types.js'

/** `triggerConfig` of a timer trigger. */
export interface TimerTriggerConfig {
  cronExpression: string
  enable: boolean
  payload: string
}

const MINUTES = { m: 1, h: 60, d: 24 * 60 } as const

/**
 * The timer of Function Compute: six fields, seconds first, in UTC unless `CRON_TZ=` says otherwise. `defaultZone` is
 * for those that name none. Throws {@link DeployFailure}.
 */
export function timerTrigger(
  key: string,
  timer: TimerConfig | string,
  defaultZone: string,
): TimerTriggerConfig {
  const config = typeof timer === 'string' ? { every: timer } : timer
  const { every, cron, timeZone = defaultZone, payload = '', enabled = true } = config
  if ((every === undefined) === (cron === undefined)) {
    throw invalid(key, 'needs either every, such as 5m, or cron')
  }
  if (!isTimeZone(timeZone)) throw invalid(key, `knows no time zone ${timeZone}; Asia/Shanghai is one`)
  const expression = every === undefined ? checkedCron(key, cron ?? '') : cronOf(every)
  return { cronExpression: inZone(expression, timeZone), enable: enabled, payload }
}

/**
 * `5m` as cron where the period divides the hour or the day, so that runs fall on the same minutes whenever the timer
 * was deployed; else `@every`, which counts from then on.
 */
function cronOf(every: string): string {
  const [, count = '', unit = 'm'] = /^(\d+)([mhd])$/.exec(every) ?? []
  const minutes = Number(count) * MINUTES[unit as keyof typeof MINUTES]
  if (minutes === 24 * 60) return '0 0 0 * * *'
  if (minutes % 60 === 0 && 24 % (minutes / 60) === 0) return `0 0 */${minutes / 60} * * *`
  if (minutes < 60 && 60 % minutes === 0) return `0 */${minutes} * * * *`
  return `@every ${minutes}m`
}

const inZone = (expression: string, zone: string): string =>
  expression.startsWith('@') ? expression : `CRON_TZ=${zone} ${expression}`

function checkedCron(key: string, cron: string): string {
  const fields = cron.trim().split(/\s+/)
  if (fields.length === 6 && fields.every((field) => /^[\dA-Za-z*?/,-]+$/.test(field)))
    return fields.join(' ')
  const hint = fields.length === 7 ? '; that is uniCloud’s form, leave the year out' : ''
  throw invalid(key, `wants six fields (second minute hour day month weekday) in cron, not "${cron}"${hint}`)
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

const invalid = (key: string, problem: string): DeployFailure =>
  new DeployFailure('INVALID_TIMER', `The timer of ${key} ${problem}`)
