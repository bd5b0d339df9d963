import { choice, flag, object, optional } from '../../../operation/fields.js'
import type { Operation } from '../../../operation/index.js'
import { omitUndefined } from '../../../operation/operation.js'
import { type Rule, ruled } from '../../../operation/rules.js'
import type { NoticeRecord, RefusedNotice } from '../../../store/port.js'
import * as fields from '../../fields.js'
import { endOf, merchantFields, pageFields, pageRequest, wholeMerchant } from './page.js'

/** What a message led to; `received`: to nothing yet. */
const verdicts = ['applied', 'nothing', 'contradiction', 'unmatched', 'received'] as const

/** Of those that were refused there are a few at most, and nothing is known of what they say. */
const refusedAlone: Rule<Record<string, unknown>> = ({ refused, ...others }) => {
  const narrowing = ['outTradeNo', 'verdict', 'provider', 'cursor'] as const
  const field = refused === true ? narrowing.find((name) => others[name] !== undefined) : undefined
  return field && [field, 'not together with refused: all of those are answered at once']
}

/** An order's messages are few; they are looked for by its number. */
const orderAlone: Rule<Record<string, unknown>> = ({ outTradeNo, verdict }) =>
  outTradeNo !== undefined && verdict !== undefined
    ? ['verdict', 'not together with outTradeNo: an order has few messages']
    : undefined

const input = ruled(
  object({
    outTradeNo: optional(fields.outTradeNo),
    verdict: optional(choice(verdicts)),
    ...merchantFields,
    refused: optional(flag('messages that were refused')),
    ...pageFields,
  }),
  wholeMerchant,
  refusedAlone,
  orderAlone,
)

/** A message of a provider as it is kept, without its bytes. Times are milliseconds since the epoch. */
export interface ListedNotice {
  /** For `npm run replay`, and the `evidence` of an order's history. */
  id: string
  provider: string
  mchId?: string
  /** Absent of refused ones, as are the next six where they are not known. */
  kind?: NoticeRecord['kind']
  status: NoticeRecord['status'] | 'refused'
  verdict?: NonNullable<NoticeRecord['verdict']>
  outTradeNo?: string
  outRefundNo?: string
  appliedAt?: number
  /** When the provider will be asked whether it is true. */
  confirmAt?: number
  receivedAt: number
  /** Why it was refused. */
  reason?: string
}

export interface NoticeList {
  notices: ListedNotice[]
  /** Where the next page begins; absent on the last one. */
  cursor?: string
}

/** The messages of providers that are kept as evidence, the newest first, or those that were refused. Never their bytes. */
export const noticeList = {
  name: 'payment.noticeList',
  doc: 'https://pay.weixin.qq.com/doc/v3/merchant/4012791902',
  title: { en: 'List the notices that came, the refused ones too', zh: '支付通知列表，含被拒绝的' },
  input,
  reach: 'server',
  repeat: 'safe',
  settings: [],
  async run(given, context): Promise<NoticeList> {
    const { lists } = await context.store()
    const { outTradeNo, verdict, provider, mchId: merchantId, refused, since = 0 } = given
    if (refused === true) {
      const { until = Number.POSITIVE_INFINITY, limit } = given
      const found = (await lists.refused()).filter(({ at }) => at >= since && at < until)
      return { notices: found.slice(0, limit).map(refusedNotice) }
    }
    const page = await lists.notices({ outTradeNo, verdict, provider, merchantId }, pageRequest(given))
    return { notices: page.records.map(keptNotice), ...endOf(page) }
  },
} satisfies Operation<typeof input, NoticeList>

/** In front of the place of a refused message, so that its id is none of a kept one. */
export const REFUSED_ID = 'refused:'

const refusedNotice = ({ id, provider, merchantId: mchId, reason, at }: RefusedNotice): ListedNotice =>
  omitUndefined<ListedNotice>({
    ...{ id: `${REFUSED_ID}${id}`, provider, mchId, status: 'refused', reason, receivedAt: at },
  })

const keptNotice = (notice: NoticeRecord): ListedNotice => {
  const { id, provider, merchantId, kind, status, verdict, outTradeNo, outRefundNo } = notice
  const { receivedAt, appliedAt, confirmAt } = notice
  return omitUndefined<ListedNotice>({
    ...{ id, provider, mchId: merchantId, kind, status, verdict, outRefundNo },
    ...{ outTradeNo: outTradeNo === '' ? undefined : outTradeNo, receivedAt, appliedAt, confirmAt },
  })
}
