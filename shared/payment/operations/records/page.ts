import * as v from 'valibot'
import { integer, optional, text } from '../../../operation/fields.js'
import type { Rule } from '../../../operation/rules.js'
import type { Page, PageEnd, PageRequest } from '../../../store/port.js'
import * as fields from '../../fields.js'

/** What every list takes and answers beside its own: part of what there is, and where the next part begins. */

/** Beyond every time in milliseconds that a date can have. */
const LAST_MS = 8_640_000_000_000_000

const time = (like: string) => integer(0, LAST_MS, like)

/** `time.id` of the last record of a page; callers are promised nothing about it. */
const CURSOR = /^(\d{1,16})\.(.{1,300})$/s

function pageEnd(cursor: string): PageEnd | undefined {
  const [, at, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  return at === undefined || id === undefined ? undefined : { at: Number(at), id }
}

const cursorOf = ({ at, id }: PageEnd): string => Buffer.from(`${at}.${id}`).toString('base64url')

const CURSOR_LIKE = 'the cursor that the page before answered'

const cursor = v.pipe(
  text({ max: 500, pattern: /^[\w-]+$/, like: CURSOR_LIKE }),
  v.check((value) => pageEnd(value) !== undefined, `expected ${CURSOR_LIKE}`),
  v.transform((value): PageEnd => pageEnd(value) ?? { at: 0, id: '' }),
)

export const pageFields = {
  since: optional(time('a time in milliseconds since 1970, at or after which it was')),
  until: optional(time('a time in milliseconds since 1970, before which it was')),
  cursor: optional(cursor),
  limit: optional(integer(1, 100, 'how many at most, 1 to 100; 20 unless said otherwise'), 20),
}

/** Both name a merchant: its number alone may be that of an account at each provider. */
export const merchantFields = { provider: optional(fields.provider), mchId: optional(fields.mchId) }

/** A merchant is named by both, or by none. */
export const wholeMerchant: Rule<{ provider?: unknown; mchId?: unknown }> = ({ provider, mchId }) => {
  if ((provider === undefined) === (mchId === undefined)) return undefined
  return provider === undefined
    ? ['provider', 'required with mchId: providers give out numbers of their own']
    : ['mchId', 'required with provider: there may be several merchants of it']
}

/** The part that a call asks for. */
export const pageRequest = ({
  since,
  until,
  cursor: after,
  limit,
}: Pick<PageRequest, 'since' | 'until' | 'limit'> & { cursor?: PageEnd | undefined }): PageRequest => ({
  since,
  until,
  after,
  limit,
})

export const endOf = ({ end }: Page<unknown>): { cursor?: string } => (end ? { cursor: cursorOf(end) } : {})
