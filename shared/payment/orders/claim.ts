import { sha256Hex } from '../../crypto/digest.js'
import { hasCode } from '../../errors/index.js'
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
  /** Who was paid, where the message says so and the settings do not. */
  sellerId?: string
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
  const { notices } = store
  let notice = await notices.receive(received(provenance, claim, claim.unique))
  if (notice.outTradeNo !== claim.outTradeNo) {
    // What contradicted another order moved nothing, and takes nothing away from this one.
    if (notice.verdict !== 'contradiction') return statedOfAnother(store, provenance, claim, notice)
    notice = await notices.receive(received(provenance, claim, `${claim.unique}:${claim.outTradeNo}`))
  }
  // The order may have been placed here after an earlier arrival found none, or the settings been mended.
  if (notice.verdict === 'applied' || notice.verdict === 'nothing') return { verdict: 'nothing' }
  const { verdict, order } = await applyToOrder(store, provenance, claim)
  const event = eventAbout(verdict, provenance, claim, order)
  const applied = await markApplied(store, notice.id, verdict, provenance.at, event)
  if (event) return { verdict, ...(applied ? { eventSource: { kind: 'notice', record: applied } } : {}) }
  return {
    verdict,
    ...(verdict === 'applied' && order ? { eventSource: { kind: 'order', record: order } } : {}),
  }
}

const statedOfAnother = (
  store: Store,
  provenance: Provenance,
  claim: Claim,
  { outTradeNo }: NoticeRecord,
): Promise<ApplyOutcome> =>
  recordContradiction(store, provenance, claim, `stated before of the order ${outTradeNo}`)

async function applyUnrecorded(store: Store, provenance: Provenance, claim: Claim): Promise<ApplyOutcome> {
  const { verdict, order } = await applyToOrder(store, provenance, claim)
  if (verdict === 'contradiction') return recordContradiction(store, provenance, claim)
  return verdict === 'applied' && order
    ? { verdict, eventSource: { kind: 'order', record: order } }
    : { verdict: 'nothing' }
}

/**
 * Keeps what is authentic and cannot be true, and tells the merchant once; no order moves. `problem` says why where
 * comparing it with its order does not. It is kept beside the claims that were applied: a later one that is true still
 * counts.
 */
export async function recordContradiction(
  store: Store,
  provenance: Provenance,
  claim: Pick<Claim, 'kind' | 'outTradeNo' | 'facts' | 'expected'>,
  problem?: string,
): Promise<ApplyOutcome> {
  const content = sha256Hex(JSON.stringify([claim.facts, problem])).slice(0, 32)
  const notice = await store.notices.receive(received(provenance, claim, `contradiction:${content}`))
  if (notice.status === 'applied') return { verdict: 'contradiction' }
  const order = await store.orders.find(keyOf(provenance, claim))
  const event = contradictionEvent(provenance, claim, order, problem)
  const applied = await markApplied(store, notice.id, 'contradiction', provenance.at, event)
  return {
    verdict: 'contradiction',
    ...(applied ? { eventSource: { kind: 'notice', record: applied } } : {}),
  }
}

const keyOf = (
  { provider, merchantId }: Provenance,
  { outTradeNo }: Pick<Claim, 'outTradeNo'>,
): OrderKey => ({
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
    try {
      if (!(await store.orders.replace(next))) return 'lost'
    } catch (error) {
      if (!hasCode(error, 'TRANSACTION_TAKEN')) throw error
      return { result: { verdict: 'contradiction', order } }
    }
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
  if (verdict === 'unmatched') {
    return pendingEvent('payment.unmatched', keyOf(provenance, claim), claim.facts, provenance.at)
  }
  return verdict === 'contradiction' ? contradictionEvent(provenance, claim, order) : undefined
}

function contradictionEvent(
  provenance: Provenance,
  claim: Pick<Claim, 'outTradeNo' | 'facts' | 'expected'>,
  order?: OrderRecord,
  problem?: string,
): PendingEvent {
  const eventData = {
    ...claim.facts,
    ...(problem === undefined ? {} : { problem }),
    ...(order ? { expected: claim.expected(order) } : {}),
  }
  return pendingEvent('payment.contradiction', keyOf(provenance, claim), eventData, provenance.at)
}

const received = (
  { provider, merchantId, evidence, at }: Provenance,
  { kind, outTradeNo }: Pick<Claim, 'kind' | 'outTradeNo'>,
  unique: string,
): NoticeRecord => ({
  id: `${provider}:${merchantId}:${kind}:${unique}`,
  ...{ provider, merchantId, kind, outTradeNo, evidence },
  status: 'received',
  receivedAt: at,
  events: [],
  rev: 0,
})
