import type { Documents } from '../documents.js'
import type { NoticeRecord, OrderRecord } from '../paymentPort.js'
import { noticeId, orderId } from '../payments.js'
import type { Revisions } from '../revisions.js'
import { type Listed, readPage } from './pages.js'
import type { ListStore, Page, RefusedNotice } from './port.js'

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
  return {
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
  }
}

const named = (filter: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )

function pageOf<R>({ timeOf, idOf }: Listed<R>, records: R[], limit: number): Page<R> {
  const last = records.length >= limit ? records.at(-1) : undefined
  return { records, ...(last ? { end: { at: timeOf(last), id: idOf(last) } } : {}) }
}
