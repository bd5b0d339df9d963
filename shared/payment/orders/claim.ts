import { sha256Hex } from '../../crypto/digest.js'
import { hasCode } from '../../errors/index.js'
import { pendingEvent } from '../../events/event.js'
import { markApplied } from '../../events/evidence.js'
import type { Context } from '../../operation/index.js'
import { retryOnConflict } from '../../store/documents.js'
import type {
  DueEvent,
  NoticeRecord,
  OrderHistory,
  OrderKey,
  OrderRecord,
  PendingEvent,
  Store,
} from '../../store/port.js'
import { type OrderTrigger, planned } from './states.js'

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
  /** Tells the log what is unusual. */
  note: Context['note']
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
 *
 * What the order says decides whether there is something to do, never what the record of the claim says: an order that
 * was restored from a backup, or whose last write was lost, is mended by the next arrival of a claim that was applied
 * to it before.
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
  const { verdict: before } = notice
  const cause = { evidence: notice.id, ...(before === 'applied' ? { repair: true as const } : {}) }
  const { verdict, order } = await applyToOrder(store, provenance, claim, cause)
  // The record is the evidence of what the order says; what contradicts that is kept beside it.
  const isEvidence = before === 'applied' || before === 'nothing'
  if (isEvidence && verdict === 'contradiction') return recordContradiction(store, provenance, claim)
  if (before === 'applied' && verdict === 'applied') noteRepair(provenance, claim, notice)
  const event = eventAbout(verdict, provenance, claim, order)
  const marked = await markApplied(store, notice.id, verdict, provenance.at, event)
  if (event) return { verdict, ...(marked ? { eventSource: { kind: 'notice', record: marked } } : {}) }
  return {
    verdict,
    ...(verdict === 'applied' && order ? { eventSource: { kind: 'order', record: order } } : {}),
  }
}

/** The order showed this claim once, and does not any more: it is older than the record. */
function noteRepair(provenance: Provenance, claim: Claim, { id, appliedAt }: NoticeRecord): void {
  const { by, note } = provenance
  note('order.repaired', { ...keyOf(provenance, claim), by, evidence: id, appliedAt })
}

const statedOfAnother = (
  store: Store,
  provenance: Provenance,
  claim: Claim,
  { outTradeNo }: NoticeRecord,
): Promise<ApplyOutcome> =>
  recordContradiction(store, provenance, claim, `stated before of the order ${outTradeNo}`)

async function applyUnrecorded(store: Store, provenance: Provenance, claim: Claim): Promise<ApplyOutcome> {
  const { verdict, order } = await applyToOrder(store, provenance, claim, {})
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

/** What is kept in the history beside each change that a claim causes. */
type Cause = Pick<OrderHistory, 'evidence' | 'repair'>

function applyToOrder(store: Store, provenance: Provenance, claim: Claim, cause: Cause): Promise<Applied> {
  return retryOnConflict<Applied>(async () => {
    const order = await store.orders.find(keyOf(provenance, claim))
    if (!order) return { result: { verdict: 'unmatched' } }
    if (!claim.agrees(order)) return { result: { verdict: 'contradiction', order } }
    const after = claim.after(order)
    if (!after) return { result: { verdict: 'nothing', order } }
    const next = planned(order, withCause(order, after, cause), provenance.at)
    try {
      if (!(await store.orders.replace(next))) return 'lost'
    } catch (error) {
      if (!hasCode(error, 'TRANSACTION_TAKEN')) throw error
      return { result: { verdict: 'contradiction', order } }
    }
    return { result: { verdict: 'applied', order: { ...next, rev: next.rev + 1 } } }
  })
}

const withCause = (before: OrderRecord, after: OrderRecord, cause: Cause): OrderRecord => ({
  ...after,
  history: after.history.map((line, n) => (n < before.history.length ? line : { ...line, ...cause })),
})

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
