import { pendingEvent } from '../../events/event.js'
import type { NoticeRecord, OrderKey, OrderRecord, PendingEvent, Store } from '../../store/port.js'
import { untilWritten } from '../../store/retryOnConflict.js'
import type { Saying, Settlement, Statement, Verdict } from './claim.js'

/**
 * Makes an authentic word count, once, however often and from however many sides it comes. Three writes: the word
 * is kept as received, the order moves together with its event, the word is marked applied. A process that dies
 * between any two leaves a received word, and the next arrival of the same word goes through all of it again.
 */
export async function settleStatement(
  store: Store,
  saying: Saying,
  statement: Statement,
): Promise<Settlement> {
  if (statement.unique === undefined) return settleUnrecorded(store, saying, statement)
  const notice = await store.notices.receive(received(saying, statement, statement.unique))
  // An order of which nobody knew may have been placed here since, and this is still how it was paid.
  if (notice.status === 'applied' && notice.verdict !== 'unmatched') {
    return { verdict: notice.verdict === 'contradiction' ? 'contradiction' : 'nothing' }
  }
  const { verdict, order } = await move(store, saying, statement)
  const event = eventAbout(verdict, saying, statement, order)
  const applied = await markApplied(store, notice.id, verdict, saying.at, event)
  if (event) return { verdict, ...(applied ? { news: { kind: 'notice', record: applied } } : {}) }
  return { verdict, ...(verdict === 'applied' && order ? { news: { kind: 'order', record: order } } : {}) }
}

async function settleUnrecorded(store: Store, saying: Saying, statement: Statement): Promise<Settlement> {
  const { verdict, order } = await move(store, saying, statement)
  return verdict === 'applied' && order
    ? { verdict, news: { kind: 'order', record: order } }
    : { verdict: 'nothing' }
}

const keyOf = ({ provider, merchantId }: Saying, { outTradeNo }: Statement): OrderKey => ({
  provider,
  merchantId,
  outTradeNo,
})

interface Moved {
  verdict: Verdict
  order?: OrderRecord
}

function move(store: Store, saying: Saying, statement: Statement): Promise<Moved> {
  return untilWritten<Moved>(async () => {
    const order = await store.orders.find(keyOf(saying, statement))
    if (!order) return { result: { verdict: 'unmatched' } }
    if (!statement.agrees(order)) return { result: { verdict: 'contradiction', order } }
    const next = statement.after(order)
    if (!next) return { result: { verdict: 'nothing', order } }
    if (!(await store.orders.replace(next))) return 'lost'
    return { result: { verdict: 'applied', order: { ...next, rev: next.rev + 1 } } }
  })
}

/** These two tell of no move of an order, so they live in the notice itself. */
function eventAbout(
  verdict: Verdict,
  saying: Saying,
  statement: Statement,
  order?: OrderRecord,
): PendingEvent | undefined {
  const key = keyOf(saying, statement)
  if (verdict === 'unmatched') return pendingEvent('payment.unmatched', key, statement.facts, saying.at)
  if (verdict !== 'contradiction' || !order) return undefined
  const tell = { ...statement.facts, expected: statement.expected(order) }
  return pendingEvent('payment.contradiction', key, tell, saying.at)
}

const received = (
  { provider, merchantId, evidence, at }: Saying,
  { kind, outTradeNo }: Statement,
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
  return untilWritten(async () => {
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
