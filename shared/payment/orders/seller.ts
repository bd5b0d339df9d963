import type { OrderKey, Store } from '../../store/port.js'
import { type ApplyOutcome, applyClaim, type Claim, type Provenance } from './claim.js'

/**
 * Who is paid through an Alipay application whose settings do not say it (ALIPAY_SELLER_ID). The seller of the first
 * payment that is authentic and true of an order made here is kept; payments to another one contradict it from then on.
 */

type Account = Pick<OrderKey, 'provider' | 'merchantId'>

/** What this process has read or learned, so that a notice costs no read but the first. */
const known = new WeakMap<Store, Map<string, string>>()

const nameOf = ({ provider, merchantId }: Account): string => `${provider}:${merchantId}`

function remember(store: Store, account: Account, sellerId: string): void {
  const sellers = known.get(store) ?? new Map<string, string>()
  known.set(store, sellers.set(nameOf(account), sellerId))
}

/**
 * Applies a claim about a payment to `sellerId`: it can be true only if that is who was paid before. The first payment
 * that moves an order teaches who that is.
 */
export async function applyToSeller(
  store: Store,
  provenance: Provenance & { sellerId: string },
  claim: Claim,
): Promise<ApplyOutcome> {
  const { sellerId } = provenance
  const learned = await learnedSeller(store, provenance)
  const outcome = await applyClaim(store, provenance, {
    ...claim,
    agrees: (order) => (learned ?? sellerId) === sellerId && claim.agrees(order),
    facts: learned === undefined || learned === sellerId ? claim.facts : { ...claim.facts, sellerId },
    expected: (order) => ({ ...claim.expected(order), sellerId: learned }),
  })
  const isPayment = claim.unique !== undefined && outcome.verdict === 'applied'
  if (learned === undefined && isPayment) await learnSeller(store, provenance)
  return outcome
}

async function learnedSeller(store: Store, account: Account): Promise<string | undefined> {
  const remembered = known.get(store)?.get(nameOf(account))
  if (remembered !== undefined) return remembered
  const found = await store.accounts.find(account.provider, account.merchantId)
  if (found) remember(store, account, found.sellerId)
  return found?.sellerId
}

/** Keeps who was paid, unless another process has just learned it. */
async function learnSeller(
  store: Store,
  { provider, merchantId, sellerId, at }: Provenance & { sellerId: string },
): Promise<void> {
  const stands = await store.accounts.learn({ provider, merchantId, sellerId, learnedAt: at })
  remember(store, { provider, merchantId }, stands.sellerId)
}
