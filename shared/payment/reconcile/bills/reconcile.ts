import { fromBeijing, MINUTE_MS } from '../../../clock.js'
import { asOpenapiError } from '../../../errors/index.js'
import type { Context } from '../../../operation/index.js'
import type { BillReport, Store } from '../../../store/port.js'
import type { PaymentProvider, RawBill } from '../../provider.js'
import { requireCapability } from '../../registry.js'
import { compareFlows } from './flows.js'
import { KeySet } from './keySet.js'
import { comparePaid, compareRefunds, dayFrom } from './ours.js'
import { readThrough, tradeRows } from './reading/bills.js'
import type { BillSummary, TradeRow } from './reading/row.js'
import { beginAnew, checkpoint, finish, keepDifference, stillAtIt, takeUp } from './reports.js'
import { compareRows, mark } from './rows.js'
import type { Scene } from './scene.js'

/** Rows that are compared at a time. */
const BATCH = 100

/** Left for writing how far it came, in milliseconds. */
const RESERVE_MS = 3000

/** A call that dies loses no more than so many rows of comparing, or pages of orders. */
const ROWS_A_CHECKPOINT = 5000

/** Nor of more than so many milliseconds, where the provider has to be asked a lot. */
const CHECKPOINT_EVERY_MS = 10_000

/** A bill that is not made yet is asked for again after half an hour, as WeChat Pay advises. */
const NOT_READY_MS = 30 * MINUTE_MS

export interface Options {
  /** Compare a day again that was compared before. */
  again?: boolean
  onProgress?(report: BillReport): void
}

/**
 * Compares the trade bill and the fund-flow bill of a merchant's Beijing day (`yyyyMMdd`) with the orders and refunds
 * here, and answers the report as it stands: `done`, `waiting` for the bill, or `busy` when the time ran out or somebody else is at it, and
 * the next call goes on. Nothing of the bill counts before its digest and its end were seen. Rejects with the provider's
 * error, or BILL_REFUSED.
 */
export async function reconcileDay(
  context: Context,
  provider: PaymentProvider,
  day: string,
  { again = false, onProgress }: Options = {},
): Promise<BillReport> {
  const store = await context.store()
  const { id, merchantId } = provider
  const key = { provider: id, merchantId, kind: 'trade', day } as const
  const { report, taken } = await takeUp(context, store, key, again)
  if (!taken) return report
  try {
    const bill = await requireCapability(provider, 'fetchBill')({ billDate: day, kind: 'trade' })
    const run = new Run(context, store, provider, report, bill, onProgress)
    return await run.all()
  } catch (error) {
    return putOff(context, store, report, error)
  }
}

/** What is not there yet is waited for; with anything else the report is free again, and the caller is told. */
async function putOff(
  { clock }: Context,
  store: Store,
  report: BillReport,
  error: unknown,
): Promise<BillReport> {
  const isEarly = asOpenapiError(error).advice === 'wait'
  const now = clock.now()
  const resumeAt = now + NOT_READY_MS
  const waiting: BillReport = { ...report, state: 'waiting', busyUntil: now, resumeAt }
  await checkpoint(store, waiting, now)
  if (!isEarly) throw error
  return waiting
}

class Run {
  #seen = new KeySet()
  readonly #report: BillReport
  #checkedRows: number
  #checkedAt: number

  constructor(
    private readonly context: Context,
    private readonly store: Store,
    private readonly provider: PaymentProvider,
    report: BillReport,
    private readonly bill: RawBill | undefined,
    private readonly onProgress: Options['onProgress'],
  ) {
    this.#report = report
    this.#checkedRows = report.cursor.rows
    this.#checkedAt = context.clock.now()
  }

  async all(): Promise<BillReport> {
    const summary = await this.#verify()
    const report = this.#report
    // A payment and its transaction, or a refund and its movement.
    this.#seen = new KeySet(2 * report.rows)
    const scene = this.#scene(summary)
    if (!(await this.#rows(scene))) return this.#cut()
    const day = dayFrom(fromBeijing(report.day))
    const goesOn = () => this.#goesOn()
    if (report.cursor.phase === 'rows') this.#enter('orders')
    if (report.cursor.phase === 'orders') {
      if (!(await comparePaid(scene, this.#seen, day, goesOn))) return this.#cut()
      this.#enter('refunds')
    }
    if (report.cursor.phase === 'refunds') {
      if (!(await compareRefunds(scene, this.#seen, day, goesOn))) return this.#cut()
      this.#enter('flows')
      // Looking through the movements is not cut into pieces: what was done before it is not done again.
      if (!(await stillAtIt(this.context, this.store, report))) return report
    }
    await compareFlows(scene, this.bill, this.#seen, day)
    await finish(this.store, report, this.context.clock.now())
    return (await this.store.reports.find(report.id)) ?? report
  }

  /** Reads the whole bill once before anything of it counts. */
  async #verify(): Promise<BillSummary | undefined> {
    if (!this.bill) return undefined
    const summary = await readThrough(tradeRows(this.provider.id, this.bill))
    const isAnother = this.#report.sha1 !== undefined && this.#report.sha1 !== summary.sha1
    if (isAnother) {
      beginAnew(this.#report)
      this.#checkedRows = 0
    }
    Object.assign(this.#report, { sha1: summary.sha1, rows: summary.rows, totals: summary.totals })
    return summary
  }

  #scene(summary: BillSummary | undefined): Scene {
    const { context, store, provider } = this
    const report = this.#report
    return {
      ...{ context, store, provider, report },
      settles: (summary?.totals ?? []).length === 0,
      keep: (difference) => keepDifference(context, store, report, difference),
    }
  }

  /** Every row, from where the last call stopped; those before are only noted as being there. */
  async #rows(scene: Scene): Promise<boolean> {
    if (!this.bill) return true
    const { cursor } = this.#report
    let at = 0
    let batch: { row: TradeRow; isNew: boolean }[] = []
    const compared = async (): Promise<boolean> => {
      await compareRows(scene, batch)
      batch = []
      cursor.rows = at
      return this.#goesOn()
    }
    for await (const some of tradeRows(this.provider.id, this.bill)) {
      for (const row of some) {
        at += 1
        const isNew = mark(this.#seen, row)
        if (cursor.phase !== 'rows' || at <= cursor.rows) continue
        batch.push({ row, isNew })
        if (batch.length === BATCH && !(await compared())) return false
      }
    }
    return batch.length === 0 || compared()
  }

  #enter(phase: BillReport['cursor']['phase']): void {
    Object.assign(this.#report.cursor, { phase, system: 0, key: 0 })
  }

  /** Whether there is time for more; writes down from time to time how far it is. */
  async #goesOn(): Promise<boolean> {
    const { cursor } = this.#report
    this.onProgress?.(this.#report)
    if (this.context.timeLeft() <= RESERVE_MS) return false
    const now = this.context.clock.now()
    const isFresh = now - this.#checkedAt < CHECKPOINT_EVERY_MS
    if (cursor.phase === 'rows' && isFresh && cursor.rows - this.#checkedRows < ROWS_A_CHECKPOINT) return true
    this.#checkedRows = cursor.rows
    this.#checkedAt = now
    return stillAtIt(this.context, this.store, this.#report)
  }

  async #cut(): Promise<BillReport> {
    const now = this.context.clock.now()
    Object.assign(this.#report, { busyUntil: now, resumeAt: now })
    await checkpoint(this.store, this.#report, now)
    return this.#report
  }
}
