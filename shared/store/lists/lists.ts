import type { Documents } from '../documents.js'
import type { EventState, PendingEvent } from '../eventPort.js'
import type { DueEvent, NoticeRecord, OrderRecord } from '../paymentPort.js'
import { noticeId, orderId } from '../payments.js'
import { firstWaiting, newest, type Revisions, stateOf } from '../revisions.js'
import { inOrder, type Listed, pageOf, readPage } from './pages.js'
import type { ListStore, PageRequest, RefusedNotice } from './port.js'

/** More than is kept of refused messages. */
const EVERY_REFUSED = 100

export function listStore(
  documents: Documents,
  orders: Revisions<OrderRecord>,
  notices: Revisions<NoticeRecord>,
): ListStore {
  const newestOrders: Listed<OrderRecord> = {
    find: orders.find,
    field: 'createdAt',
    timeOf: ({ createdAt }) => createdAt,
    idOf: orderId,
    descending: true,
  }
  const newestNotices: Listed<NoticeRecord> = {
    find: notices.find,
    field: 'receivedAt',
    timeOf: ({ receivedAt }) => receivedAt,
    idOf: noticeId,
    descending: true,
  }
  const { descending: _newest, ...oldestNotices } = newestNotices
  return {
    oldNotices: async (kind, page) =>
      pageOf(oldestNotices, await readPage(oldestNotices, { kind }, page), page.limit),
    orders: async (filter, page) =>
      pageOf(newestOrders, await readPage(newestOrders, named({ ...filter }), page), page.limit),
    async notices({ verdict, ...filter }, page) {
      const asked = verdict === 'received' ? { status: verdict } : { verdict }
      const found = await readPage(newestNotices, named({ ...filter, ...asked }), page)
      return pageOf(newestNotices, found, page.limit)
    },
    async refused() {
      const found = await documents.find(
        'refused',
        {},
        { sort: 'at', descending: true, limit: EVERY_REFUSED },
      )
      return found.map(({ _id, ...refused }) => ({ ...(refused as Omit<RefusedNotice, 'id'>), id: _id }))
    },
    async eventHolders(state, page) {
      const { field, timeOf } = eventTimes[state ?? 'delivered']
      // Only what holds such an event has the field at all.
      const holding = { since: 0, ...omitted(page) }
      const holds = { field, timeOf: ({ events }: Holder) => timeOf(events) ?? 0 }
      const [ofOrders, ofNotices] = await Promise.all([
        readPage<OrderRecord>({ ...holds, find: orders.find, idOf: orderId }, {}, holding),
        readPage<NoticeRecord>({ ...holds, find: notices.find, idOf: noticeId }, {}, holding),
      ])
      const holders: DueEvent['source'][] = [
        ...ofOrders.map((record) => ({ kind: 'order', record }) as const),
        ...ofNotices.map((record) => ({ kind: 'notice', record }) as const),
      ]
      const listed = { timeOf: ({ record }: DueEvent['source']) => holds.timeOf(record), idOf: idOfHolder }
      return pageOf(listed, inOrder(holders, listed).slice(0, page.limit), page.limit)
    },
  }
}

type Holder = Pick<OrderRecord, 'events'>

/** By which field beside a record its events are listed. */
const eventTimes = {
  waiting: { field: 'nextEventAt', timeOf: (events) => firstWaiting(events)?.dueAt },
  dead: {
    field: 'deadEventAt',
    timeOf: (events) => newest(events.filter((event) => stateOf(event) === 'dead')),
  },
  delivered: { field: 'eventAt', timeOf: newest },
} as const satisfies Record<
  EventState,
  { field: string; timeOf(events: readonly PendingEvent[]): number | undefined }
>

const idOfHolder = (source: DueEvent['source']): string =>
  source.kind === 'order' ? orderId(source.record) : noticeId(source.record)

const omitted = ({ since, ...page }: PageRequest): PageRequest =>
  since === undefined ? page : { since, ...page }

const named = (filter: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
