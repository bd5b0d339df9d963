import * as v from 'valibot'
import { beijingDay, DAY_MS } from '../../clock.js'
import { invalidParam } from '../../errors/index.js'
import { object } from '../../operation/fields.js'
import type { Bilingual, Context } from '../../operation/index.js'
import { ruled } from '../../operation/rules.js'
import { json } from '../answer.js'
import { weixinApi } from '../api.js'
import { maybeNumbers, numbers, texts } from './records.js'

/** Calendar days of reports, `yyyymmdd` in Beijing. Arithmetic runs in UTC, where every day has 24 hours. */

const midnight = (day: string): number =>
  Date.parse(day.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3T00:00:00Z'))

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '')

const LIKE = 'an existing day as yyyymmdd, such as 20260131'

const calendarDay = v.pipe(
  v.string(`expected ${LIKE}`),
  v.check((day) => {
    const ms = midnight(day)
    // 20260231 is read as 3 March.
    return Number.isFinite(ms) && dayOf(ms) === day
  }, `expected ${LIKE}`),
  v.metadata({ like: LIKE, pattern: '^\\d{8}$' }),
)

/** Whether a report may cover the days from `begin` to `end`, both included. */
export interface Span {
  fits(begin: string, end: string): boolean
  /** What `endDate` has to be; completes "expected ...". */
  like: string
}

const daysBetween = (begin: string, end: string): number => (midnight(end) - midnight(begin)) / DAY_MS

const isMonday = (day: string): boolean => new Date(midnight(day)).getUTCDay() === 1

export const oneDay: Span = {
  fits: (begin, end) => begin === end,
  like: 'the same day as beginDate: the report is of one day',
}

export const oneWeek: Span = {
  fits: (begin, end) => isMonday(begin) && daysBetween(begin, end) === 6,
  like: 'the Sunday of the week whose Monday is beginDate',
}

export const oneMonth: Span = {
  fits: (begin, end) =>
    begin.endsWith('01') &&
    begin.slice(0, 6) === end.slice(0, 6) &&
    dayOf(midnight(end) + DAY_MS).endsWith('01'),
  like: 'the last day of the month whose first day is beginDate',
}

export const dayOrWeekOrMonth: Span = {
  fits: (begin, end) => [0, 6, 29].includes(daysBetween(begin, end)),
  like: 'a day 0, 6 or 29 days after beginDate: the report is of 1, 7 or 30 days',
}

/** `beginDate` and `endDate` of a report. */
export const span = ({ fits, like }: Span) =>
  ruled(object({ beginDate: calendarDay, endDate: calendarDay }), ({ beginDate, endDate }) =>
    fits(beginDate, endDate) ? undefined : ['endDate', `expected ${like}`],
  )

/** A report is of days that are over in Beijing. */
export function isOver({ endDate }: { endDate: string }, { clock }: Context): void {
  const yesterday = beijingDay(clock.now() - DAY_MS)
  if (endDate > yesterday)
    throw invalidParam('endDate', `expected ${yesterday} or earlier: reports are of days that are over`)
}

/** What the reports of `analysis` have in common. */

interface Report<Fields extends v.GenericSchema> extends Bilingual {
  /** The folder of the official page. */
  doc: string
  /** What follows the stem that all report paths share. */
  path: string
  of: Span
  fields: Fields
}

export const report = <const Name extends string, const Fields extends v.GenericSchema>(
  name: Name,
  { doc, path, of, fields, en, zh }: Report<Fields>,
) =>
  weixinApi(`analysis.${name}`, {
    doc: `https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/data-analysis/${doc}/${name}.html`,
    title: { en, zh },
    post: `/datacube/getweanalysisappid${path}`,
    input: span(of),
    check: isOver,
    output: json(fields),
    repeat: 'safe',
    reach: 'server',
  })

export const refDate = texts('refDate')

const cohort = v.array(v.object(numbers('key', 'value')))

/** `key` counts days, weeks or months since the first visit, `value` users. */
export const retention = v.object({ ...refDate, visitUvNew: cohort, visitUv: cohort })

export const trend = v.object({
  list: v.array(
    v.object({
      ...refDate,
      ...numbers('sessionCnt', 'visitPv', 'visitUv', 'visitUvNew', 'stayTimeSession', 'visitDepth'),
      ...maybeNumbers('stayTimeUv'),
    }),
  ),
})

/** The documents call the count `accessSourceVisitUv`, WeChat sends `value`; rows of devices have no id. */
const share = v.array(v.object({ ...texts('name'), ...numbers('value'), ...maybeNumbers('id') }))

export const portrait = v.object({
  province: share,
  city: share,
  genders: share,
  platforms: share,
  devices: share,
  ages: share,
})
