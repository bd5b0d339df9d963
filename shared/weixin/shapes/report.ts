import * as v from 'valibot'
import type { Bilingual } from '../../operation/index.js'
import { json } from '../answer.js'
import { weixinApi } from '../api.js'
import { isOver, type Span, span } from './days.js'
import { maybeNumbers, numbers, texts } from './records.js'

/** What the reports of `analysis` have in common. */

interface Report<Fields extends v.GenericSchema> extends Bilingual {
  /** The last words of the official page's address. */
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
