import { choice, object, optional } from '../../../operation/fields.js'
import type { Operation } from '../../../operation/index.js'
import { omitUndefined } from '../../../operation/operation.js'
import { type Rule, ruled } from '../../../operation/rules.js'
import type { DueEvent, EventState, PendingEvent } from '../../../store/port.js'
import { stateOf } from '../../../store/revisions.js'
import { endOf, pageFields, pageRequest } from './page.js'

const states = ['waiting', 'delivered', 'dead'] as const satisfies readonly EventState[]

/** What waits is listed by when it is due. */
const timesOfEnded: Rule<{ state?: unknown; since?: unknown; until?: unknown }> = ({
  state,
  since,
  until,
}) =>
  state === 'waiting' && (since ?? until) !== undefined
    ? [since === undefined ? 'until' : 'since', 'not with waiting: those are listed by when they are due']
    : undefined

const input = ruled(object({ state: optional(choice(states)), ...pageFields }), timesOfEnded)

/** An event for the merchant as it stands. Times are milliseconds since the epoch. */
export interface ListedEvent {
  /** What the receiver gets as `webhook-id`. */
  id: string
  type: string
  state: EventState
  provider: string
  mchId: string
  /** Absent where it is about no order. */
  outTradeNo?: string
  createdAt: number
  /** How often its delivery was tried. */
  attempts: number
  /** When the next attempt is due; absent once it is delivered or dead. */
  dueAt?: number
  /** When it was delivered or given up. */
  endedAt?: number
  /** What the last attempt that failed came to. */
  lastError?: string
  /** What the receiver gets as `data`. */
  data: Readonly<Record<string, unknown>>
}

export interface EventList {
  events: ListedEvent[]
  /** Where the next page begins; absent on the last one. A page may be short, or empty, and not be the last. */
  cursor?: string
}

/**
 * The events for the merchant's own service, the oldest first: those that wait, those that were delivered, as long as they
 * are kept, and those that were given up. The events of one order stay together: a page may have a few more than `limit`.
 */
export const eventList = {
  name: 'payment.eventList',
  doc: 'https://www.standardwebhooks.com',
  title: { en: "List the events for the merchant's own service", zh: '事件列表：待投递、已投递与已放弃' },
  input,
  reach: 'server',
  repeat: 'safe',
  settings: [],
  async run(given, context): Promise<EventList> {
    const { state, since = 0, until = Number.POSITIVE_INFINITY } = given
    const { lists } = await context.store()
    // A holder is found by the newest of its events; whether each of them is meant is looked at here.
    const page = await lists.eventHolders(state, { ...pageRequest(given), until: undefined })
    const events = page.records.flatMap((source) =>
      source.record.events
        .filter((event) => state === undefined || stateOf(event) === state)
        .filter(({ createdAt }) => createdAt >= since && createdAt < until)
        .map((event) => listedEvent(event, source)),
    )
    return { events, ...endOf(page) }
  },
} satisfies Operation<typeof input, EventList>

export function listedEvent(event: PendingEvent, { record }: DueEvent['source']): ListedEvent {
  const { id, type, createdAt, attempts, dueAt, endedAt, lastError, data } = event
  const { provider, merchantId: mchId, outTradeNo } = record
  return omitUndefined<ListedEvent>({
    ...{ id, type, state: stateOf(event), provider, mchId },
    outTradeNo: outTradeNo === '' ? undefined : outTradeNo,
    ...{ createdAt, attempts, dueAt, endedAt, lastError },
    data: JSON.parse(data) as ListedEvent['data'],
  })
}
