import { asOpenapiError } from '../../errors/index.js'
import type { Context } from '../../operation/index.js'
import type { OrderKey, OrderRecord } from '../../store/port.js'
import { reservedQuestion } from '../orders/states.js'
import { type PaymentProvider, type ProviderId, providerIds } from '../provider.js'
import { entryOf, openProvider } from '../registry.js'
import { askAboutOrder } from './askAboutOrder.js'

/** Orders of one merchant that are asked about side by side. */
const BATCH = 10

/** Merchants that are served side by side: one whose questions hang takes one of these places. */
const LANES = 16

/** No question is begun with less than this left, in milliseconds: one may take this long, its repeats included. */
const LAST_START_MS = 12_000

/** Failures that are told to the log one by one; the rest are counted. */
const MOST_NOTES = 10

type Account = Pick<OrderKey, 'provider' | 'merchantId'> & { provider: ProviderId }

export interface Reconciled {
  /** Orders about which a provider was asked. */
  asked: number
  /** Of those, how many have another state than before, or a refund that has. */
  changed: number
}

/**
 * Asks the providers about orders that wait: for their payment, for the end of a refund, and once beyond their own end.
 * What is due is found by an index; a question is reserved by a conditional write before it is asked, so that two
 * runs at once ask once. Merchants take turns, and each gets as far as the time allows: the rest waits for the next run.
 */
export async function paymentReconcile(context: Context): Promise<Reconciled> {
  const queue = await accounts(context)
  const counts: Reconciled = { asked: 0, changed: 0 }
  const notes = limitedNotes(context)
  const lane = async (): Promise<void> => {
    for (let account = queue.shift(); account; account = queue.shift()) {
      if (context.timeLeft() <= LAST_START_MS) return
      if (await serveAccount(context, account, counts, notes.note)) queue.push(account)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  notes.end()
  return counts
}

/** The merchants in the settings, beginning with another one each minute: time may run out before the last has its turn. */
async function accounts({ settings, clock }: Context): Promise<Account[]> {
  const found: Account[] = []
  for (const provider of providerIds) {
    const merchantIds = (await entryOf(provider)?.entry.merchantIds(settings)) ?? []
    found.push(...merchantIds.map((merchantId) => ({ provider, merchantId })))
  }
  const first = found.length === 0 ? 0 : Math.floor(clock.now() / 60_000) % found.length
  return [...found.slice(first), ...found.slice(0, first)]
}

/** One turn of a merchant; whether there may be more for another. */
async function serveAccount(
  context: Context,
  account: Account,
  counts: Reconciled,
  note: Context['note'],
): Promise<boolean> {
  const { orders } = await context.store()
  const due = await orders.waiting(account, context.clock.now(), BATCH)
  if (due.length === 0) return false
  const provider = await openProvider(context, account.provider, account.merchantId).catch(
    (error: unknown) => {
      note('order.notAsked', { ...account, why: asOpenapiError(error).errMsg })
      return undefined
    },
  )
  if (!provider) return false
  const served = await Promise.all(due.map((order) => ask(context, provider, order, note)))
  counts.asked += served.filter((outcome) => outcome !== 'taken').length
  counts.changed += served.filter((outcome) => outcome === 'changed').length
  return due.length === BATCH && served.some((outcome) => outcome !== 'taken')
}

async function ask(
  context: Context,
  provider: PaymentProvider,
  order: OrderRecord,
  note: Context['note'],
): Promise<'taken' | 'asked' | 'changed'> {
  const { orders } = await context.store()
  const reserved = reservedQuestion(order, context.clock.now())
  if (!(await orders.replace(reserved))) return 'taken'
  try {
    await askAboutOrder(context, provider, { ...reserved, rev: reserved.rev + 1 })
  } catch (error) {
    const { provider, merchantId, outTradeNo } = order
    note('order.notAsked', { provider, merchantId, outTradeNo, why: asOpenapiError(error).errMsg })
  }
  const current = await orders.find(order)
  return current && statesOf(current) !== statesOf(order) ? 'changed' : 'asked'
}

const statesOf = ({ state, refunds }: OrderRecord): string =>
  JSON.stringify([state, refunds.map((entry) => [entry.outRefundNo, entry.state])])

function limitedNotes(context: Context): { note: Context['note']; end(): void } {
  let failures = 0
  return {
    note(event, fields) {
      failures += 1
      if (failures <= MOST_NOTES) context.note(event, fields)
    },
    end() {
      if (failures > MOST_NOTES) context.note('order.notAskedEither', { more: failures - MOST_NOTES })
    },
  }
}
