import type { DueEvent, NoticeRecord, OrderKey, OrderRecord, PendingEvent, Store } from '../store/port.js'
import { untilWritten } from './contention.js'
import { pendingEvent } from './events.js'
import { afterWord, agrees, type Mover } from './orders.js'
import { isPaid, type PaidFacts, type PaymentFacts } from './provider.js'

export type Verdict = NonNullable<NoticeRecord['verdict']>

/** An authentic word about a payment, whether the provider came with it or was asked. */
export interface Word {
  provider: string
  merchantId: string
  facts: PaymentFacts
  by: Mover
  /** As the store keeps it. */
  evidence: string
  /** Milliseconds. */
  at: number
}

const keyOf = ({ provider, merchantId, facts }: Word): OrderKey => ({
  provider,
  merchantId,
  outTradeNo: facts.outTradeNo,
})

/** What a word led to. `news` is the document in which this very call put an event to deliver. */
export interface Settlement {
  verdict: Verdict
  news?: DueEvent['source']
}

/**
 * Makes an authentic word count, once, however often and from however many sides it comes. Three writes: the word
 * is kept as received, the order moves together with its event, the word is marked applied. A process that dies
 * between any two leaves a received word, and the next arrival of the same word goes through all of it again.
 */
export async function settle(store: Store, word: Word): Promise<Settlement> {
  const { facts } = word
  if (!isPaid(facts)) return settleUnpaid(store, word)
  const notice = await store.notices.receive(received(word, facts))
  if (notice.status === 'applied') {
    return { verdict: notice.verdict === 'contradiction' ? 'contradiction' : 'nothing' }
  }
  const { verdict, order } = await movePaid(store, word, facts)
  const event = eventAbout(verdict, word, order)
  const applied = await markApplied(store, notice, verdict, event, word.at)
  if (event) return { verdict, ...(applied ? { news: { kind: 'notice', record: applied } } : {}) }
  return { verdict, ...(verdict === 'applied' && order ? { news: { kind: 'order', record: order } } : {}) }
}

/** Only a closing moves an unpaid order; it needs no record, since saying it again changes nothing. */
async function settleUnpaid(store: Store, word: Word): Promise<Settlement> {
  if (word.facts.tradeState !== 'CLOSED') return { verdict: 'nothing' }
  const { verdict, order } = await move(store, word, () => true)
  return verdict === 'applied' && order
    ? { verdict, news: { kind: 'order', record: order } }
    : { verdict: 'nothing' }
}

const movePaid = (store: Store, word: Word, paid: PaidFacts): Promise<Moved> =>
  move(store, word, (order) => agrees(order, paid))

interface Moved {
  verdict: Verdict
  order?: OrderRecord
}

function move(store: Store, word: Word, isRight: (order: OrderRecord) => boolean): Promise<Moved> {
  return untilWritten<Moved>(async () => {
    const order = await store.orders.find(keyOf(word))
    if (!order) return { result: { verdict: 'unmatched' } }
    if (!isRight(order)) return { result: { verdict: 'contradiction', order } }
    const next = afterWord(order, word.facts, word.by, word.at)
    if (!next) return { result: { verdict: 'nothing', order } }
    if (!(await store.orders.replace(next))) return 'lost'
    return { result: { verdict: 'applied', order: { ...next, rev: next.rev + 1 } } }
  })
}

/** These two tell of no move of an order, so they live in the notice itself. */
function eventAbout(verdict: Verdict, word: Word, order?: OrderRecord): PendingEvent | undefined {
  if (verdict === 'unmatched') return pendingEvent('payment.unmatched', keyOf(word), word.facts, word.at)
  if (verdict !== 'contradiction' || !order) return undefined
  const { totalFee, currency: feeType, transactionId } = order
  const tell = { ...word.facts, expected: { totalFee, feeType, transactionId } }
  return pendingEvent('payment.contradiction', keyOf(word), tell, word.at)
}

const received = (word: Word, paid: PaidFacts): NoticeRecord => ({
  id: `${word.provider}:${word.merchantId}:payment:${paid.transactionId}`,
  provider: word.provider,
  merchantId: word.merchantId,
  kind: 'payment',
  status: 'received',
  outTradeNo: paid.outTradeNo,
  evidence: word.evidence,
  receivedAt: word.at,
  events: [],
  rev: 0,
})

/** The applied record; undefined when somebody else, with the same word, was faster. */
export function markApplied(
  store: Store,
  notice: NoticeRecord,
  verdict: Verdict,
  event: PendingEvent | undefined,
  at: number,
): Promise<NoticeRecord | undefined> {
  return untilWritten(async () => {
    const current = await store.notices.find(notice.id)
    if (current?.status !== 'received') return { result: undefined }
    const applied: NoticeRecord = {
      ...current,
      status: 'applied',
      verdict,
      appliedAt: at,
      events: event ? [...current.events, event] : current.events,
    }
    return (await store.notices.replace(applied)) ? { result: { ...applied, rev: applied.rev + 1 } } : 'lost'
  })
}
