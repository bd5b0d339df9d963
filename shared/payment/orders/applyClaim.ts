import { pendingEvent } from '../../events/event.js'
import type { NoticeRecord, OrderKey, OrderRecord, PendingEvent, Store } from '../../store/port.js'
import { retryOnConflict } from '../../store/retryOnConflict.js'
import type { ApplyOutcome, Claim, Provenance, Verdict } from './claim.js'

/**
 * Makes an authentic word count, once, however often and from however many sides it comes. Three writes: the word
 * is kept as received, the order moves together with its event, the word is marked applied. A process that dies
 * between any two leaves a received word, and the next arrival of the same word goes through all of it again.
 */
export async function applyClaim(store: Store, provenance: Provenance, claim: Claim): Promise<ApplyOutcome> {
  if (claim.unique === undefined) return applyUnrecorded(store, provenance, claim)
  const notice = await store.notices.receive(received(provenance, claim, claim.unique))
  // An order of which nobody knew may have been placed here since, and this is still how it was paid.
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

/** These two tell of no move of an order, so they live in the notice itself. */
function eventAbout(
  verdict: Verdict,
  provenance: Provenance,
  claim: Claim,
  order?: OrderRecord,
): PendingEvent | undefined {
  const key = keyOf(provenance, claim)
  if (verdict === 'unmatched') return pendingEvent('payment.unmatched', key, claim.facts, provenance.at)
  if (verdict !== 'contradiction' || !order) return undefined
  const tell = { ...claim.facts, expected: claim.expected(order) }
  return pendingEvent('payment.contradiction', key, tell, provenance.at)
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

/** What was settled stays so, except that an order may turn up for what had none. */
const isOpenTo = (notice: NoticeRecord, verdict: Verdict): boolean =>
  notice.status === 'received' || (notice.verdict === 'unmatched' && verdict !== 'unmatched')

/** The applied record; undefined when somebody else, with the same word, was faster. */
export function markApplied(
  store: Store,
  id: string,
  verdict: Verdict,
  at: number,
  event?: PendingEvent,
): Promise<NoticeRecord | undefined> {
  return retryOnConflict(async () => {
    const current = await store.notices.find(id)
    if (!current || !isOpenTo(current, verdict)) return { result: undefined }
    const { confirmAt: _asked, ...kept } = current
    const applied: NoticeRecord = {
      ...kept,
      ...{ status: 'applied', verdict, appliedAt: at },
      events: event ? [...current.events, event] : current.events,
    }
    return (await store.notices.replace(applied)) ? { result: { ...applied, rev: applied.rev + 1 } } : 'lost'
  })
}
