import { type Clock, MINUTE_MS } from '../../shared/clock.js'
import type { Settings } from '../../shared/config/index.js'
import { asOpenapiError } from '../../shared/errors/index.js'
import type { Context } from '../../shared/operation/index.js'
import { omitUndefined } from '../../shared/operation/operation.js'
import { reconcileDay } from '../../shared/payment/reconcile/bills/reconcile.js'
import { allDifferences } from '../../shared/payment/reconcile/bills/reports.js'
import { type Account, billAccounts, openProvider } from '../../shared/payment/registry.js'
import type { BillReport, Store, StoredDifference } from '../../shared/store/port.js'
import { contextOver } from '../records/open.js'

/** What became of one merchant's day. */
export interface AccountResult {
  account: Account
  /** Absent where the bill could not be had. */
  report?: BillReport
  /** Open ones and those that were resolved, as they were found. */
  differences: StoredDifference[]
  failure?: { errCode: string; errMsg: string }
}

/** Tells a person how far it is. */
export interface Progress {
  begin(account: Account): void
  step(report: BillReport): void
  end(): void
}

/** A call has this long for whatever it asks a provider, in milliseconds; the whole has no limit. */
const PATIENCE_MS = 10 * MINUTE_MS

export interface Wish {
  settings: Settings
  store: Store
  /** `yyyyMMdd`. */
  day: string
  named: { provider: string | undefined; merchantId: string | undefined }
  progress: Progress
  /** Stops after what is being compared now; the next call goes on there. */
  signal: AbortSignal
  clock?: Clock
}

/** Compares a day of every merchant that is meant, one after the other. A day compared before is compared again. */
export async function reconcileDays(wish: Wish): Promise<AccountResult[]> {
  const { settings, store, named, progress, signal } = wish
  const context = contextOf(wish)
  const results: AccountResult[] = []
  for (const account of await billAccounts(settings, omitUndefined(named))) {
    if (signal.aborted) break
    progress.begin(account)
    results.push(await reconcileAccount(context, store, account, wish).finally(() => progress.end()))
  }
  return results
}

async function reconcileAccount(
  context: Context,
  store: Store,
  account: Account,
  { day, progress }: Wish,
): Promise<AccountResult> {
  try {
    const provider = await openProvider(context, account.provider, account.merchantId)
    const onProgress = (report: BillReport) => progress.step(report)
    const report = await reconcileDay(context, provider, day, { again: true, onProgress })
    const differences: StoredDifference[] = []
    for await (const { id: _id, ...difference } of allDifferences(store, report.id)) {
      differences.push(difference)
    }
    return { account, report, differences }
  } catch (error) {
    const { errCode, errMsg } = asOpenapiError(error)
    return { account, differences: [], failure: { errCode: String(errCode), errMsg } }
  }
}

const contextOf = ({ settings, store, signal, clock }: Wish): Context => ({
  ...contextOver(settings, store, clock),
  ...{ source: 'server', requestId: 'reconcile' },
  timeLeft: () => (signal.aborted ? 0 : PATIENCE_MS),
})
