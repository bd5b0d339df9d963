import { beijingDay, beijingDayStart, HOUR_MS } from '../../clock.js'
import { asOpenapiError, invalidParam, meaningsOf, UNKNOWN_MERCHANT } from '../../errors/index.js'
import { evidenceSettings } from '../../events/evidence.js'
import { eventSettings } from '../../events/webhook.js'
import { flag, object, optional } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type { BillReport } from '../../store/port.js'
import * as fields from '../fields.js'
import { type Account, billAccounts, certifiedSettings, openProvider } from '../registry.js'

const input = object({
  billDate: optional(fields.billDay),
  again: optional(flag()),
  provider: optional(fields.provider),
  mchId: optional(fields.mchId),
})

/** A merchant's day, as far as it was compared. */
export interface ReconciledBill
  extends Pick<BillReport, 'provider' | 'merchantId' | 'day' | 'state' | 'rows' | 'agreed' | 'resolved'> {
  /** Differences that a person has to look at. */
  open: number
  /** How many of each kind, the resolved ones among them. */
  byType: BillReport['byType']
  /** Sums that the bills state otherwise than their rows add up to. */
  totals: BillReport['totals']
  /** Whether the fund-flow bill was compared too; `unavailable`: it could not be had, for a missing certificate say. */
  flows?: NonNullable<BillReport['flows']>['state']
}

export interface Reconciled {
  bills: ReconciledBill[]
  /** Merchants whose bill could not be had, and why. */
  failed: { provider: string; merchantId: string; errCode: string; errMsg: string }[]
}

/** No bill is begun with less than this left, in milliseconds. */
const WORTHWHILE_MS = 5000

/** Nothing is put off for longer, in milliseconds: what is was written while the clock was ahead. */
const LONGEST_WAIT_MS = HOUR_MS

const HALF_PAST_TEN_MS = 10.5 * HOUR_MS

/**
 * Compares yesterday's trade and fund-flow bills, or those of any day, with the orders and refunds here, for every merchant in the
 * settings. A bill alone moves nothing: where it has a payment that is not known here the provider is asked, and its
 * answer is applied as a notice is. What is left is kept in a report, and each difference is an event. A call that
 * runs out of time goes on with the next one.
 */
export const billReconcile = {
  name: 'payment.billReconcile',
  doc: 'https://pay.weixin.qq.com/doc/v3/merchant/4012791907',
  title: { en: "Compare a day's bill with the orders", zh: '用账单核对订单' },
  input,
  reach: 'server',
  repeat: 'safe',
  settings: [...certifiedSettings, ...eventSettings, ...evidenceSettings],
  errors: meaningsOf(UNKNOWN_MERCHANT),
  async run({ billDate, again = false, provider, mchId }, context): Promise<Reconciled> {
    const now = context.clock.now()
    if (billDate !== undefined && billDate >= beijingDay(now)) {
      throw invalidParam('billDate', 'expected a day that is over: a bill is made on the next morning')
    }
    const result: Reconciled = { bills: [], failed: [] }
    const named = omitUndefined({ provider, merchantId: mchId })
    const accounts = await billAccounts(context.settings, named)
    for (const { account, day, anew } of await work(context, accounts, billDate, again)) {
      if (context.timeLeft() < WORTHWHILE_MS) break
      await one(context, account, day, anew, result)
    }
    return result
  },
} satisfies Operation<typeof input, Reconciled>

interface Work {
  account: Account
  day: string
  anew: boolean
}

/** The day that is named, of every merchant; else what earlier days left undone, then yesterday. */
async function work(
  context: Context,
  accounts: readonly Account[],
  named: string | undefined,
  anew: boolean,
): Promise<Work[]> {
  if (named !== undefined) return accounts.map((account) => ({ account, day: named, anew }))
  const { reports } = await context.store()
  const now = context.clock.now()
  const [late, ahead] = await Promise.all([
    reports.unfinished(now, 100),
    reports.putOffBeyond(now + LONGEST_WAIT_MS, 100),
  ])
  // A clock that was ahead may have begun a day that is not over: that has its own morning.
  const undone = [...late, ...ahead].filter(({ kind, day }) => kind === 'trade' && day < beijingDay(now))
  const left = undone.flatMap(({ provider, merchantId, day }) => {
    const account = accounts.find((each) => each.provider === provider && each.merchantId === merchantId)
    return account ? [{ account, day, anew: false }] : []
  })
  const isMade = now - beijingDayStart(now) >= HALF_PAST_TEN_MS || context.source !== 'timer'
  const yesterday = beijingDay(beijingDayStart(now) - 1)
  const isLeft = ({ provider, merchantId }: Account) =>
    left.some(
      ({ account, day }) =>
        day === yesterday && account.provider === provider && account.merchantId === merchantId,
    )
  const due = isMade ? accounts.filter((account) => !isLeft(account)) : []
  return [...left, ...due.map((account) => ({ account, day: yesterday, anew }))]
}

async function one(
  context: Context,
  account: Account,
  day: string,
  again: boolean,
  result: Reconciled,
): Promise<void> {
  const { provider, merchantId } = account
  try {
    const { reconcileDay } = await import('./bills/reconcile.js')
    const opened = await openProvider(context, provider, merchantId)
    const report = await reconcileDay(context, opened, day, { again })
    const { state, rows, agreed, resolved, found, byType, totals } = report
    const open = found - resolved
    const flows = omitUndefined({ flows: report.flows?.state })
    const counts = { state, rows, agreed, resolved, open, byType, totals }
    result.bills.push({ provider, merchantId, day, ...counts, ...flows })
  } catch (error) {
    const { errCode, errMsg } = asOpenapiError(error)
    context.note('reconcile.failed', { provider, merchantId, day, errCode })
    result.failed.push({ provider, merchantId, errCode: String(errCode), errMsg })
  }
}
