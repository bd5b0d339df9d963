import { isFromFuture } from '../../../clock.js'
import { waitingEvent } from '../../../events/event.js'
import { sealEvidence } from '../../../events/evidence.js'
import type { Context } from '../../../operation/index.js'
import type { BillReport, Difference, Store, StoredDifference } from '../../../store/port.js'

/** What a report is about. */
export type BillKey = Pick<BillReport, 'provider' | 'merchantId' | 'kind' | 'day'>

export const reportId = ({ provider, merchantId, kind, day }: BillKey): string =>
  `${provider}:${merchantId}:${kind}:${day}`

export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Added to the time that is left, so that a report is not taken from a call that still works on it. Milliseconds. */
const MARGIN_MS = 5000

/** Nobody holds a report for longer without writing that it is still at work, in milliseconds. */
const LONGEST_HOLD_MS = 120_000

const heldUntil = ({ clock, timeLeft }: Context): number =>
  clock.now() + Math.min(timeLeft() + MARGIN_MS, LONGEST_HOLD_MS)

const untouched = (): Omit<
  BillReport,
  keyof BillKey | 'id' | 'state' | 'run' | 'busyUntil' | 'startedAt' | 'updatedAt' | 'rev'
> => ({
  cursor: { phase: 'rows', rows: 0, system: 0, key: 0 },
  ...{ rows: 0, agreed: 0, found: 0, resolved: 0 },
  ...{ byType: {}, totals: [], carried: [] },
})

/**
 * Takes a report up: where its last call stopped, or from the beginning where it is new, or is done and wanted `again`.
 * `taken` is false when there is nothing to do, or somebody else is at it.
 */
export async function takeUp(
  context: Context,
  store: Store,
  key: BillKey,
  again: boolean,
): Promise<{ report: BillReport; taken: boolean }> {
  const now = context.clock.now()
  const busyUntil = heldUntil(context)
  const id = reportId(key)
  const begun: BillReport = {
    ...{ ...untouched(), id, ...key, state: 'busy', run: 1, busyUntil, resumeAt: busyUntil },
    ...{ taken: 1, startedAt: now, updatedAt: now, rev: 0 },
  }
  if (await store.reports.begin(begun)) return { report: begun, taken: true }
  const known = (await store.reports.find(id)) ?? begun
  // Whoever wrote a time in the future had a clock that was wrong, and is not waited for.
  const isBusy = known.state === 'busy' && known.busyUntil > now && !isFromFuture(known.updatedAt, now)
  if (isBusy || (known.state === 'done' && !again)) return { report: known, taken: false }
  const next = known.state === 'done' ? { ...begun, run: known.run + 1 } : known
  const report: BillReport = {
    ...{ ...next, state: 'busy', busyUntil, resumeAt: busyUntil, updatedAt: now },
    ...{ taken: (known.taken ?? 0) + 1, rev: known.rev },
  }
  if (!(await store.reports.replace(report))) return { report: known, taken: false }
  return { report: { ...report, rev: report.rev + 1 }, taken: true }
}

/** Begins a report anew: of another bill than the one that its last call read. */
export const beginAnew = (report: BillReport): BillReport => Object.assign(report, untouched())

/** Writes how far it is, and holds it for longer. False when somebody else has it by now, who goes on from what was written before. */
export async function stillAtIt(context: Context, store: Store, report: BillReport): Promise<boolean> {
  const busyUntil = heldUntil(context)
  Object.assign(report, { busyUntil, resumeAt: busyUntil })
  return checkpoint(store, report, context.clock.now())
}

/** Writes how far it is. False when somebody else has it by now. */
export async function checkpoint(store: Store, report: BillReport, now: number): Promise<boolean> {
  report.updatedAt = now
  if (!(await store.reports.replace(report))) return false
  report.rev += 1
  return true
}

/** How many of a report's differences become events, so that a bill of another shop's does not make a million. */
const MAX_EVENTS = 1000

/** More differences than one call can find: places of later calls are behind those of earlier ones. */
const PLACES_A_CALL = 2 ** 30

/**
 * Keeps a difference and counts it, under an id made of what it is: found again, it is the same one. One that is open
 * becomes an event too, which waits in a record of its own and is the same however often the day is compared.
 */
export async function keepDifference(
  context: Context,
  store: Store,
  report: BillReport,
  difference: Difference,
): Promise<void> {
  const { type, outTradeNo, outRefundNo = '', transactionId = '', bill, resolved } = difference
  const named = [report.id, type, outTradeNo, outRefundNo, type === 'duplicate' ? transactionId : '']
  const about = [...named, ...(bill ? [bill] : [])].join(':')
  report.found += 1
  const seq = (report.taken ?? 0) * PLACES_A_CALL + report.found
  await store.reports.keep({ ...difference, report: report.id, run: report.run, seq }, about)
  report.byType[type] = (report.byType[type] ?? 0) + 1
  if (resolved) report.resolved += 1
  else if (report.found <= MAX_EVENTS) await tell(context, store, report, difference, about)
}

async function tell(
  { clock, settings, random }: Context,
  store: Store,
  { provider, merchantId, kind, day }: BillReport,
  difference: Difference,
  about: string,
): Promise<void> {
  const at = clock.now()
  const data = { provider, merchantId, bill: kind, day, ...difference }
  await store.notices.receive({
    ...{ id: `${provider}:${merchantId}:bill:${about}`, provider, merchantId, kind: 'bill' },
    ...{ status: 'applied', verdict: 'contradiction', appliedAt: at, receivedAt: at },
    outTradeNo: difference.outTradeNo,
    evidence: sealEvidence(Buffer.from(JSON.stringify(data)), settings, random),
    events: [waitingEvent('reconcile.difference', about, data, at)],
    rev: 0,
  })
}

/**
 * Ends a report: differences that an earlier run of the day had found, and this one no longer, are gone; those that were
 * resolved then stay, with how that went. All that stay are counted here, since a call that died may have kept some that
 * were resolved by it and are not found again.
 */
export async function finish(store: Store, report: BillReport, now: number): Promise<boolean> {
  const counts: Pick<BillReport, 'found' | 'resolved' | 'byType'> = { found: 0, resolved: 0, byType: {} }
  for await (const { id, run, resolved, type } of allDifferences(store, report.id)) {
    if (run !== report.run && !resolved) await store.reports.forget(id)
    else {
      counts.byType[type] = (counts.byType[type] ?? 0) + 1
      counts.found += 1
      if (resolved) counts.resolved += 1
    }
  }
  const { resumeAt: _over, ...rest } = report
  return checkpoint(store, { ...rest, ...counts, state: 'done', busyUntil: now }, now)
}

/** Everything that a report found, as it was found. */
export async function* allDifferences(
  { reports }: Store,
  report: string,
): AsyncGenerator<StoredDifference & { id: string }> {
  let after = 0
  for (;;) {
    const some = await reports.differences(report, after, PAGE)
    yield* some
    const last = some.at(-1)
    if (!last || some.length < PAGE) return
    after = last.seq
  }
}

const PAGE = 100
