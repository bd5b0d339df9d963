import { systemClock } from '../../shared/clock.js'
import type { Fields } from '../demo/calls.js'
import { type OrderInfo, type ProviderName, providerNames } from '../emulator/platforms/index.js'
import type { Dice } from './dice.js'
import type { Scene } from './scene.js'

/** What becomes of one order, decided by its number and the seed. */
export interface Plan {
  outTradeNo: string
  provider: ProviderName
  /** Fen. */
  totalFee: number
  /** `abandoned`: nobody pays, and nobody says so. */
  fate: 'paid' | 'abandoned' | 'closed'
  /** Parts of it that are given back later, in fen; more than the whole together, sometimes. */
  refunds: number[]
  person: string
}

export function planOf(n: number, dice: Dice): Plan {
  const own = dice.named(`order ${n}`)
  const totalFee = 100 + own.upTo(20_000)
  const fate = own.happens(0.88) ? 'paid' : own.oneOf(['abandoned', 'closed'] as const)
  const isGivenBack = fate === 'paid' && own.happens(0.2)
  const first = own.happens(0.5) ? totalFee : 1 + own.upTo(totalFee)
  return {
    outTradeNo: `soak${String(n).padStart(8, '0')}`,
    provider: providerNames[n % 3] ?? 'weixin-v3',
    ...{ totalFee, fate, person: `user${own.upTo(40)}` },
    refunds: isGivenBack ? [first, ...(own.happens(0.3) ? [1 + own.upTo(totalFee)] : [])] : [],
  }
}

/** How long a caller tries again, in milliseconds of real time: longer than any outage that is made here. */
const PATIENCE_MS = 60_000
const PAUSE_MS = 120

/** Failures that no repeat changes, and that are right where they are expected. */
const FINAL: ReadonlySet<unknown> = new Set(['REFUND_TOO_MUCH', 'ORDER_PAID', 'ORDER_NOT_PAID'])

/**
 * Asks until there is an answer, as a caller with patience does: whatever is lost or refused for the moment is asked
 * for again in the same words. Answers what is final, an error among it.
 */
async function persist(what: string, ask: () => Promise<unknown>): Promise<Fields> {
  const until = systemClock.now() + PATIENCE_MS
  let last = ''
  while (systemClock.now() < until) {
    try {
      const answer = { ...((await ask()) as Fields) }
      if (answer.errCode === 0 || FINAL.has(answer.errCode)) return answer
      last = `${answer.errCode}: ${answer.errMsg}`
    } catch (error) {
      last = error instanceof Error ? error.message : String(error)
    }
    await systemClock.sleep(PAUSE_MS)
  }
  throw new Error(`${what}: ${last}`)
}

/** A client's call by URL, as local debugging makes it. */
async function asClient(scene: Scene, name: string, param: object): Promise<unknown> {
  const response = await fetch(`${scene.cloud.url}/cloudfunctions/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ param }),
  })
  return response.json()
}

async function login(
  scene: Scene,
  { provider, person }: Plan,
): Promise<{ openid: string; sessionToken: string }> {
  const { platforms, sessions } = scene
  const isAlipay = provider === 'alipay'
  const key = `${isAlipay} ${person}`
  const known = sessions.get(key)
  if (known) return known
  const codeOf = () => (isAlipay ? platforms.alipay.login(person) : platforms.login(person))
  const { openid, sessionToken } = await persist('authCode2Session', () =>
    asClient(scene, 'authCode2Session', { code: codeOf(), ...(isAlipay ? { platform: 'alipay' } : {}) }),
  )
  const session = { openid: String(openid), sessionToken: String(sessionToken) }
  sessions.set(key, session)
  return session
}

/** Made, offered, and paid where it is to be. */
export async function order(scene: Scene, plan: Plan): Promise<void> {
  const { outTradeNo, provider, totalFee, fate } = plan
  const { platforms, troubles, cloud } = scene
  const { openid, sessionToken } = await login(scene, plan)
  const wish = { outTradeNo, provider, totalFee, openid, body: 'soaked tea', expireMinutes: 120 }
  await persist('createOrder', () => cloud.call('createOrder', wish))
  troubles.beforeRequest()
  const clientType = provider === 'alipay' ? 'mp-alipay' : 'mp-weixin'
  const { orderInfo } = await persist('getOrderInfo', () =>
    asClient(scene, 'getOrderInfo', { sessionToken, outTradeNo, clientType }),
  )
  if (fate !== 'paid') return
  troubles.beforeNotice(provider === 'alipay' ? 'alipay.notice' : `weixin-pay-${provider.slice(-2)}.notice`)
  await platforms.requestPayment(orderInfo as OrderInfo)
}

/**
 * What the merchant does later: calls an order off, or gives the part `turn` of it back. Whether something is left to
 * do: WeChat Pay takes the next refund of an order a minute later.
 */
export async function later(scene: Scene, plan: Plan, turn: number): Promise<boolean> {
  const { outTradeNo, provider, fate, refunds } = plan
  const { cloud, troubles } = scene
  if (fate === 'abandoned') return false
  troubles.beforeRequest()
  if (fate === 'closed') {
    await persist('closeOrder', () => cloud.call('closeOrder', { outTradeNo }))
    return false
  }
  const refundFee = refunds[turn]
  if (refundFee === undefined) return false
  // A merchant refunds what is paid; where the notice still waits, it asks.
  if (turn === 0) await persist('orderQuery', () => cloud.call('orderQuery', { outTradeNo }))
  troubles.beforeNotice(
    provider === 'alipay' ? 'alipay.refundNotice' : `weixin-pay-${provider.slice(-2)}.refundNotice`,
  )
  const wish = { outTradeNo, outRefundNo: `${outTradeNo}R${turn}`, refundFee }
  const { errCode } = await persist('refund', () => cloud.call('refund', wish))
  if (errCode === 'ORDER_NOT_PAID') throw new Error('refund: ORDER_NOT_PAID, and it was paid')
  return turn + 1 < refunds.length
}
