import { pendingEvent } from '../../events/event.js'
import { markApplied } from '../../events/evidence.js'
import type { DueEvent, NoticeRecord, OrderKey, OrderRecord, PendingEvent, Store } from '../../store/port.js'
import { retryOnConflict } from '../../store/retryOnConflict.js'
import type { OrderTrigger } from './states.js'

export type Verdict = NonNullable<NoticeRecord['verdict']>

/** Which account a claim comes from, what caused it to arrive, and the message itself. */
export interface Provenance {
  provider: string
  merchantId: string
  by: OrderTrigger
  /** As the store keeps it. */
  evidence: string
  /** Milliseconds. */
  at: number
}

/** What an authentic message of a provider states about one order, and what follows for that order. */
export interface Claim {
  kind: NoticeRecord['kind']
  /** What sets it apart from all others of its kind; absent where applying it again changes nothing. */
  unique?: string
  outTradeNo: string
  /** For the events about it: plain JSON. */
  facts: object
  /** Whether it can be true of this order. */
  agrees(order: OrderRecord): boolean
  /** What was to be expected of it, where it cannot. */
  expected(order: OrderRecord): object
  /** The order as it is then; undefined when nothing in it changes. */
  after(order: OrderRecord): OrderRecord | undefined
}

/** `received`: a refund notice that proves nothing is kept, and will be confirmed. */
export type NoticeVerdict = Verdict | 'received'

/** What a claim led to. `eventSource` is the document in which this very call put an event to deliver. */
export interface ApplyOutcome<Reached extends NoticeVerdict = Verdict> {
  verdict: Reached
  eventSource?: DueEvent['source']
}

/**
 * Applies a claim once, however often it arrives, by notice or by query. Three writes: the claim is stored as received,
 * the order changes together with its event, the claim is marked applied. A process that dies between any two leaves a
 * received claim, and the next arrival of the same claim goes through all of it again.
 */
export async function applyClaim(store: Store, provenance: Provenance, claim: Claim): Promise<ApplyOutcome> {
  if (claim.unique === undefined) return applyUnrecorded(store, provenance, claim)
  const notice = await store.notices.receive(received(provenance, claim, claim.unique))
  // The order may have been placed here after an earlier arrival found none.
  if (notice.status === 'applied' && notice.verdict !== 'unmatched') {
    return { verdict: notice.verdict === 'contradiction' ? 'contradiction' : 'nothing' }
  }
  const { verdict, order } = await applyToOrder(store, provenance, claim)
  const event = eventAbout(verdict, provenance, claim, order)
  const applied = await markApplied(store, notice.id, verdict, provenance.at, event)
  if (event) return { verdict, ...(applied ? { eventSource: { kind: 'notice', record: applied } } : {}) }
  return {
    verdict,
    ...(verdict === 'applied' && order ? { eventSource: { kind: 'order', record: order } } : {}),
  }
}

async function applyUnrecorded(store: Store, provenance: Provenance, claim: Claim): Promise<ApplyOutcome> {
  const { verdict, order } = await applyToOrder(store, provenance, claim)
  return verdict === 'applied' && order
    ? { verdict, eventSource: { kind: 'order', record: order } }
    : { verdict: 'nothing' }
}

const keyOf = ({ provider, merchantId }: Provenance, { outTradeNo }: Claim): OrderKey => ({
  provider,
  merchantId,
  outTradeNo,
})

interface Applied {
  verdict: Verdict
  order?: OrderRecord
}

function applyToOrder(store: Store, provenance: Provenance, claim: Claim): Promise<Applied> {
  return retryOnConflict<Applied>(async () => {
    const order = await store.orders.find(keyOf(provenance, claim))
    if (!order) return { result: { verdict: 'unmatched' } }
    if (!claim.agrees(order)) return { result: { verdict: 'contradiction', order } }
    const next = claim.after(order)
    if (!next) return { result: { verdict: 'nothing', order } }
    if (!(await store.orders.replace(next))) return 'lost'
    return { result: { verdict: 'applied', order: { ...next, rev: next.rev + 1 } } }
  })
}

/** With these two verdicts no order changes, so their event is stored in the notice itself. */
function eventAbout(
  verdict: Verdict,
  provenance: Provenance,
  claim: Claim,
  order?: OrderRecord,
): PendingEvent | undefined {
  const key = keyOf(provenance, claim)
  if (verdict === 'unmatched') return pendingEvent('payment.unmatched', key, claim.facts, provenance.at)
  if (verdict !== 'contradiction' || !order) return undefined
  const eventData = { ...claim.facts, expected: claim.expected(order) }
  return pendingEvent('payment.contradiction', key, eventData, provenance.at)
}

const received = (
  { provider, merchantId, evidence, at }: Provenance,
  { kind, outTradeNo }: Claim,
  unique: string,
): NoticeRecord => ({
  id: `${provider}:${merchantId}:${kind}:${unique}`,
  ...{ provider, merchantId, kind, outTradeNo, evidence },
  status: 'received',
  receivedAt: at,
  events: [],
  rev: 0,
})
