import { type LogLine, readLogs } from '../cloud/sls.js'
import { functionNamed } from '../config/project.js'
import { DeployFailure } from '../failure.js'
import { textOption } from '../framework.js'
import type { Session } from '../session.js'
import type { Unit } from '../units.js'

/** `logs -f NAME`: what a function has written, from the log store that serverless.yml names. */
export async function logsCommand(session: Session): Promise<void> {
  const { project, options, clock } = session
  const [key] = functionNamed(project, options)
  const units = session.units.filter((unit) => unit.key === key)
  const interval = Number(textOption(options, 'interval') ?? 1000)
  let from = startOf(textOption(options, 'startTime') ?? '10m', clock.now())
  do {
    const to = Math.floor(clock.now() / 1000)
    if (to > from) {
      for (const { time, message } of await linesOf(session, units, from, to)) {
        session.answer(`${new Date(time * 1000).toISOString()} ${message.trimEnd()}`)
      }
      from = to
    }
    if (options.tail === true) await clock.sleep(interval)
  } while (options.tail === true)
}

/** Of a function and of its other half that answers URL calls, in the order of time. */
async function linesOf(
  session: Session,
  units: readonly Unit[],
  from: number,
  to: number,
): Promise<LogLine[]> {
  const { log } = session.project.provider
  if (log === undefined) {
    throw new DeployFailure(
      'NO_LOG',
      'serverless.yml names no log: make a project and a store in Log Service (sls.console.aliyun.com) and set provider.log',
    )
  }
  const filter = textOption(session.options, 'filter')
  const found = units.map((unit) => {
    const { topic, query } = session.backend().logQuery(unit)
    const all = filter === undefined ? query : `(${query}) and (${filter})`
    return readLogs(session.access(), { ...log, topic, query: all, from, to }, session.clock.now)
  })
  return (await Promise.all(found)).flat().sort((one, other) => one.time - other.time)
}

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const

/** Seconds since the epoch of `30m`, `2h` ago, or of a date. */
function startOf(text: string, now: number): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? []
  const seconds = Math.floor(now / 1000)
  if (unit !== undefined) return seconds - Number(count) * SECONDS[unit as keyof typeof SECONDS]
  const at = Date.parse(text)
  if (!Number.isNaN(at)) return Math.floor(at / 1000)
  throw new DeployFailure(
    'INVALID_DATA',
    `--startTime takes 30m, 2h or a date such as 2026-01-31T08:00+08:00, not ${text}`,
  )
}
