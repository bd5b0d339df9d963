import { looksLike } from '../../shared/diagnosis/sender.js'
import type { Context, HttpCall } from '../../shared/operation/index.js'
import { applyVerified } from '../../shared/payment/notices/receiveNotice.js'
import { REFUSED_ID } from '../../shared/payment/operations/records/noticeList.js'
import {
  type NoticeReading,
  type ProviderId,
  providerIds,
  type Refusal,
} from '../../shared/payment/provider.js'
import { entryOf, openProvider } from '../../shared/payment/registry.js'
import type { OrderRecord, Store } from '../../shared/store/port.js'
import { keptCall } from '../doctor/notice/capture.js'
import { nothingTaken } from './dryStore.js'

/** A provider's call that is to be replayed. */
export interface Kept {
  /** For people. */
  id: string
  /** Absent where an answer to a question of ours is kept: there is nothing to replay. */
  call?: HttpCall | undefined
  /** Why it cannot be read: it was sealed under another EVIDENCE_KEY, or is not what was kept. */
  unreadable?: string | undefined
  provider?: string | undefined
  merchantId?: string | undefined
  /** When it came, in milliseconds; absent where nobody knows: then it is taken to have come when it says. */
  at?: number | undefined
}

export type Replayed =
  | { outcome: 'answer' }
  | { outcome: 'unreadable'; why: string }
  | { outcome: 'refused'; reason: Refusal | 'no merchant in the settings' }
  | {
      outcome: 'verified'
      verdict: string
      outTradeNo?: string | undefined
      before?: OrderRecord['state'] | undefined
      after?: OrderRecord['state'] | undefined
    }

/** Everything that is kept since `since`, the oldest first. */
export async function keptSince(context: Context, since: number): Promise<Kept[]> {
  const { lists } = await context.store()
  const found: Kept[] = []
  for (let end: { at: number; id: string } | undefined, begun = false; !begun || end; begun = true) {
    const page = await lists.notices({}, { since, after: end, limit: 100 })
    for (const { id, evidence, kind, provider, merchantId, receivedAt } of page.records) {
      // What a bill or a message push led to is no notice of a payment.
      if (kind !== 'payment' && kind !== 'refund') continue
      found.push({ id, ...callIn(evidence, context), provider, merchantId, at: receivedAt })
    }
    end = page.end
  }
  for (const { id, evidence, at, provider } of await lists.refused()) {
    if (at < since) continue
    found.push({ id: `${REFUSED_ID}${id}`, ...callIn(evidence, context), provider, at })
  }
  return found.sort((one, other) => (one.at ?? 0) - (other.at ?? 0))
}

/** One that is kept, by its id; undefined where there is none. */
export async function keptById(context: Context, id: string): Promise<Kept | undefined> {
  const store = await context.store()
  if (id.startsWith(REFUSED_ID)) {
    const found = (await store.lists.refused()).find((each) => id === `${REFUSED_ID}${each.id}`)
    return found && { id, ...callIn(found.evidence, context), provider: found.provider, at: found.at }
  }
  const found = await store.notices.find(id)
  if (!found) return undefined
  const { evidence, provider, merchantId, receivedAt: at } = found
  return { id, ...callIn(evidence, context), provider, merchantId, at }
}

/** The call, or why there is none to be had: one that cannot be read keeps nobody from the others. */
function callIn(evidence: string, { settings }: Context): Pick<Kept, 'call' | 'unreadable'> {
  try {
    return { call: keptCall(evidence, settings) }
  } catch (error) {
    return { unreadable: error instanceof Error ? error.message : String(error) }
  }
}

/**
 * Verifies a call from its own bytes as of the time it came, with the certificates that were valid then, and lets it
 * through the door of notices. Over a dry store nothing changes, and the answer says what would.
 */
export async function replay(context: Context, kept: Kept): Promise<Replayed> {
  const { call, unreadable } = kept
  if (unreadable !== undefined) return { outcome: 'unreadable', why: unreadable }
  if (!call) return { outcome: 'answer' }
  const at = kept.at ?? (Number(call.headers['wechatpay-timestamp']) * 1000 || context.clock.now())
  let refusal: Extract<NoticeReading, { authentic: false }> | undefined
  for (const account of await accountsFor(context, kept, call)) {
    const { provider: id, merchantId } = account
    const then = await entryOf(id)?.entry.open(context.settings, asOf(context, at), merchantId)
    const reading = await then?.readNotice(call, at)
    if (reading?.authentic === false) refusal ??= reading
    if (!reading?.authentic) continue
    const provider = await openProvider(context, id, merchantId)
    const { outTradeNo } = { ...reading.notice.payment, ...reading.notice.refund }
    const { orders } = await context.store()
    const state = async () =>
      outTradeNo === undefined
        ? undefined
        : (await orders.find({ provider: id, merchantId, outTradeNo }))?.state
    const before = await state()
    const { verdict } = await applyVerified(context, call, provider, reading.notice)
    return { outcome: 'verified', verdict, outTradeNo, before, after: await state() }
  }
  return { outcome: 'refused', reason: refusal?.reason ?? 'no merchant in the settings' }
}

/** Whom it may be for: the merchant it was kept of, else all in the settings of that provider. */
async function accountsFor(
  { settings }: Context,
  { provider, merchantId }: Kept,
  { headers, rawBody }: HttpCall,
): Promise<{ provider: ProviderId; merchantId: string }[]> {
  const named = providerIds.find((id) => id === provider) ?? looksLike(headers, rawBody)
  const found: { provider: ProviderId; merchantId: string }[] = []
  for (const id of named ? [named] : providerIds) {
    const all = (await entryOf(id)?.entry.merchantIds(settings)) ?? []
    const meant = merchantId !== undefined && all.includes(merchantId) ? [merchantId] : all
    found.push(...meant.map((each) => ({ provider: id, merchantId: each })))
  }
  return found
}

/** The context as it was at `at`: certificates count that were valid then. Nothing is fetched, which a provider would refuse with a time so old. */
function asOf(context: Context, at: number): Context {
  const store = async (): Promise<Store> => ({ ...(await context.store()), counters: nothingTaken })
  return { ...context, store, clock: { ...context.clock, now: () => at } }
}
