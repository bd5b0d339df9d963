import { fen } from '../../../shared/money.js'
import type { NoticeRecord, OrderRecord, PendingEvent } from '../../../shared/store/index.js'

export const NOW = 2_524_608_000_000

export const order = (changes: Partial<OrderRecord> = {}): OrderRecord => ({
  outTradeNo: 'T1',
  provider: 'weixin-v2',
  merchantId: '1900000109',
  appId: 'wx0123456789abcdef',
  totalFee: fen(1999),
  currency: 'CNY',
  body: 'tea',
  state: 'CREATED',
  createdAt: NOW,
  updatedAt: NOW,
  history: [{ at: NOW, from: null, to: 'CREATED', by: 'createOrder' }],
  refunds: [],
  events: [],
  rev: 0,
  ...changes,
})

export const notice = (changes: Partial<NoticeRecord> = {}): NoticeRecord => ({
  id: 'weixin-v2:1900000109:payment:T1',
  provider: 'weixin-v2',
  merchantId: '1900000109',
  kind: 'payment',
  status: 'received',
  outTradeNo: 'T1',
  evidence: Buffer.from('<xml/>').toString('base64'),
  receivedAt: NOW,
  events: [],
  rev: 0,
  ...changes,
})

export const event = (id: string, dueAt: number): PendingEvent => ({
  id,
  type: 'payment.paid',
  data: '{"$set":{"a.b":1}}',
  createdAt: NOW,
  attempts: 0,
  dueAt,
})
