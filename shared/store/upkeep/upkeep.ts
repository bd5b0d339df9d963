import type { CollectionKey } from '../collections.js'
import type { Document, Documents } from '../documents.js'
import type { OrderRecord } from '../paymentPort.js'
import { noticeId } from '../payments.js'
import type { Revisions } from '../revisions.js'
import type { UpkeepState, UpkeepStore } from './port.js'

/** Beside the reports: a document that no list of them finds. */
const STATE_ID = 'upkeep'

export function upkeepStore(documents: Documents, orders: Revisions<OrderRecord>): UpkeepStore {
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
    async save({ after, looked, rev, ...state }) {
      const there = { ...(after ? { after } : {}), ...(looked ? { looked } : {}) }
      const set = { ...state, ...there, rev: rev + 1 }
      if (rev === 0) return documents.insert('reports', { _id: STATE_ID, ...set })
      return documents.update('reports', STATE_ID, { rev }, { set, unset: after ? [] : ['after'] })
    },
    forgetExpired: (collection, before, limit) => documents.expire(collection, before, limit),
    forgetRefused: (before, limit) => forget('refused', 'at', before, limit),
    forgetTokens: (before, limit) => forget('tokens', 'expiresAt', before, limit),
    forgetNotice: (notice) => documents.remove('notices', noticeId(notice), { rev: notice.rev }),
    ordersToldBefore: (before, limit) => orders.find({ toldAt: { $lt: before } }, { sort: 'toldAt', limit }),
  }
}

const stateOf = ({ _id, ...state }: Document): UpkeepState => state as unknown as UpkeepState
