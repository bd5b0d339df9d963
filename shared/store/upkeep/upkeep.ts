import type { CollectionKey } from '../collections.js'
import type { Document, Documents } from '../documents.js'
import { type Listed, pageOf, readPage } from '../lists/pages.js'
import type { NoticeRecord, OrderRecord } from '../paymentPort.js'
import { noticeId } from '../payments.js'
import type { Revisions } from '../revisions.js'
import type { UpkeepState, UpkeepStore, Written } from './port.js'

/** Beside the reports: a document that no list of them finds. */
const STATE_ID = 'upkeep'

export function upkeepStore(
  documents: Documents,
  orders: Revisions<OrderRecord>,
  notices: Revisions<NoticeRecord>,
): UpkeepStore {
  const forget = async (key: CollectionKey, field: string, before: number, limit: number) => {
    const found = await documents.find(key, { [field]: { $lt: before } }, { sort: field, limit })
    await Promise.all(
      found.map(({ _id, [field]: at }) => documents.remove(key, _id, { [field]: at as number })),
    )
    return found.length
  }
  return {
    async state() {
      const document = await documents.get('reports', STATE_ID)
      return document && stateOf(document)
    },
    async save({ after, looked, lookedNotices, rev, ...state }) {
      const looks = { ...(looked ? { looked } : {}), ...(lookedNotices ? { lookedNotices } : {}) }
      const there = { ...(after ? { after } : {}), ...looks }
      const set = { ...state, ...there, rev: rev + 1 }
      if (rev === 0) return documents.insert('reports', { _id: STATE_ID, ...set })
      return documents.update('reports', STATE_ID, { rev }, { set, unset: after ? [] : ['after'] })
    },
    forgetExpired: (collection, before, limit) => documents.expire(collection, before, limit),
    forgetRefused: (before, limit) => forget('refused', 'at', before, limit),
    forgetTokens: (before, limit) => forget('tokens', 'expiresAt', before, limit),
    forgetNotice: (notice) => documents.remove('notices', noticeId(notice), { rev: notice.rev }),
    async written(kind, page) {
      const listed = newest(documents, kind === 'order' ? 'orders' : 'notices')
      const { records, end } = pageOf(listed, await readPage(listed, {}, page), page.limit)
      const written = records.map(
        (document): Written =>
          kind === 'order' ? { kind, ...orders.read(document) } : { kind, ...notices.read(document) },
      )
      return { records: written, ...(end ? { end } : {}) }
    },
    ordersDeliveredBefore: (before, limit) =>
      orders.find({ deliveredAt: { $lt: before } }, { sort: 'deliveredAt', limit }),
  }
}

function newest(documents: Documents, key: 'orders' | 'notices'): Listed<Document> {
  const field = key === 'orders' ? 'createdAt' : 'receivedAt'
  return {
    ...{ field, descending: true, idOf: ({ _id }) => _id, timeOf: (document) => Number(document[field]) },
    find: (filter, selection) => documents.find(key, filter, selection),
  }
}

const stateOf = ({ _id, ...state }: Document): UpkeepState => state as unknown as UpkeepState
