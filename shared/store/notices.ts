import { type Documents, MAX_PAGE, put } from './documents.js'
import type { NoticeRecord, NoticeStore } from './port.js'
import { type Revisions, revisions } from './revisions.js'
import { sweeper } from './sweeper.js'

const REFUSED_KEPT_MS = 30 * 24 * 3600 * 1000

export const noticeRevisions = (documents: Documents): Revisions<NoticeRecord> =>
  revisions<NoticeRecord>(documents, {
    collection: 'notices',
    id: ({ id }) => id,
    optional: {
      ...{ verdict: true, said: true, appliedAt: true },
      ...{ outRefundNo: true, confirmAt: true, confirms: true },
    },
  })

export function noticeStore(documents: Documents, notices: Revisions<NoticeRecord>): NoticeStore {
  const sweep = sweeper(documents, 'refused')
  return {
    async receive(notice) {
      if (await notices.insert(notice)) return notice
      return (await notices.get(notice.id)) ?? notice
    },
    find: (id) => notices.get(id),
    replace: (notice) => notices.replace(notice),
    unconfirmed: (now, limit) =>
      notices.find({ confirmAt: { $lte: now } }, { sort: 'confirmAt', limit: Math.min(limit, MAX_PAGE) }),
    async keepRefused({ slot, ...refused }) {
      await sweep(refused.at)
      const expiresAt = refused.at + REFUSED_KEPT_MS
      await put(documents, 'refused', { _id: String(slot), ...refused, expiresAt })
    },
  }
}
