import { DAY_MS } from '../clock.js'
/** An index as every adapter understands it. `sparse` leaves out the documents that lack the field. */
export interface Index {
  fields: readonly string[]
  unique?: true
  sparse?: true
}

export interface Collection {
  /** The name in the database, prefixed because a uniCloud space has one database for everything. */
  name: string
  indexes: readonly Index[]
  /** Whether documents are forgotten some time after their `expiresAt` (ms). */
  expires?: true
}

/**
 * Every collection and its indexes, declared once. Adapters create them where they can; in a uniCloud space, where a
 * function cannot, they are made from this list when the space is set up. What must hold even without them rests on
 * `_id` alone.
 */
export const collections = {
  // A few documents for each application: looking through them costs less than an index at every cold start.
  tokens: { name: 'openapi-tokens', indexes: [] },
  sessions: { name: 'openapi-sessions', indexes: [], expires: true },
  counters: { name: 'openapi-counters', indexes: [], expires: true },
  codes: { name: 'openapi-codes', indexes: [], expires: true },
  orders: {
    name: 'openapi-orders',
    indexes: [
      { fields: ['transactionKey'], unique: true, sparse: true },
      { fields: ['outTradeNo'] },
      { fields: ['nextEventAt'], sparse: true },
      { fields: ['eventAt'] },
      { fields: ['deadEventAt'] },
      { fields: ['lastPlannedAt'] },
      { fields: ['provider', 'merchantId', 'nextQueryAt'] },
      { fields: ['createdAt'] },
      { fields: ['state', 'createdAt'] },
      { fields: ['openid', 'createdAt'] },
      { fields: ['provider', 'merchantId', 'createdAt'] },
      { fields: ['provider', 'merchantId', 'state', 'createdAt'] },
      { fields: ['provider', 'merchantId', 'paidKey'] },
      { fields: ['provider', 'merchantId', 'refundKey'] },
      { fields: ['deliveredAt'] },
    ],
  },
  notices: {
    name: 'openapi-notices',
    indexes: [
      { fields: ['nextEventAt'], sparse: true },
      { fields: ['eventAt'] },
      { fields: ['deadEventAt'] },
      { fields: ['confirmAt'], sparse: true },
      { fields: ['lastPlannedAt'] },
      { fields: ['receivedAt'] },
      { fields: ['kind', 'receivedAt'] },
      { fields: ['outTradeNo', 'receivedAt'] },
      { fields: ['status', 'receivedAt'] },
      { fields: ['verdict', 'receivedAt'] },
      { fields: ['provider', 'merchantId', 'receivedAt'] },
      { fields: ['provider', 'merchantId', 'verdict', 'receivedAt'] },
    ],
  },
  refused: { name: 'openapi-refused-notices', indexes: [{ fields: ['at'] }], expires: true },
  reports: { name: 'openapi-reports', indexes: [{ fields: ['resumeAt'] }, { fields: ['report', 'seq'] }] },
  certificates: { name: 'openapi-certificates', indexes: [{ fields: ['provider', 'merchantId'] }] },
} as const satisfies Record<string, Collection>

export type CollectionKey = keyof typeof collections

/** The indexes where the database does not forget by itself: finding what has expired needs one more. */
export const indexesOf = ({ indexes, expires }: Collection): readonly Index[] =>
  expires ? [...indexes, { fields: ['expiresAt'] }] : indexes

/** How long an expired document may still be there, in ms. Readers check `expiresAt` themselves, so only room is at stake. */
export const EXPIRY_GRACE_MS = DAY_MS
