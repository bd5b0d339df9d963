import type { Test } from 'tap'
import type { OrderRecord, RefundEntry, Store } from '../../shared/store/port.js'
import { type LocalPlatforms, startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { type Fields, type House, openHouse } from './house.js'

export const providers = ['weixin-v2', 'weixin-v3', 'alipay'] as const

export type Provider = (typeof providers)[number]

/** What the local platforms' endpoints are called, by provider; faults are aimed at them. */
const names = {
  'weixin-v2': {
    ...{ notice: 'weixin-pay-v2.notice', refundNotice: 'weixin-pay-v2.refundNotice' },
    ...{ refund: '/secapi/pay/refund', refundQuery: '/pay/refundquery' },
    ...{ query: '/pay/orderquery', close: '/pay/closeorder' },
  },
  'weixin-v3': {
    ...{ notice: 'weixin-pay-v3.notice', refundNotice: 'weixin-pay-v3.refundNotice' },
    ...{ refund: 'weixin-pay-v3.refund', refundQuery: 'weixin-pay-v3.refundQuery' },
    ...{ query: 'weixin-pay-v3.queryByOutTradeNo', close: 'weixin-pay-v3.close' },
  },
  alipay: {
    ...{ notice: 'alipay.notice', refundNotice: 'alipay.refundNotice' },
    ...{ refund: 'alipay.trade.refund', refundQuery: 'alipay.trade.fastpay.refund.query' },
    ...{ query: 'alipay.trade.query', close: 'alipay.trade.close' },
  },
} as const satisfies Record<Provider, Record<string, string>>

export const ORDER_NO = 'T20500101'
export const TOTAL = 1999

/** The merchant's functions and a provider that plays its part, with real messages between them. */
export interface Shop {
  house: House
  platforms: LocalPlatforms
  provider: Provider
  api: (typeof names)[Provider]
  /** Places an order of 1999 fen by alice. */
  place(outTradeNo?: string, totalFee?: number): Promise<void>
  /** What the client would pay with. */
  offer(outTradeNo?: string): Promise<unknown>
  /** Places, offers and pays; the notice arrives. */
  pay(outTradeNo?: string, totalFee?: number): Promise<void>
  /** A refund by the merchant's server. */
  refund(outRefundNo: string, refundFee: number, more?: Fields): Promise<Fields>
  order(): Promise<OrderRecord>
  entry(outRefundNo: string): Promise<RefundEntry | undefined>
  /** The types of the events that were delivered, in order. */
  told(): string[]
  /** How often the local platforms were asked for something, by the name of its endpoint. */
  asked(api: string): number
}

export async function openShop(
  t: Test,
  provider: Provider,
  {
    env = {},
    store,
    platforms,
  }: { env?: Record<string, string | undefined>; store?: Store; platforms?: LocalPlatforms } = {},
): Promise<Shop> {
  const house = await openHouse(
    t,
    { PAYMENT_PROVIDER: provider, EVENT_TARGET: 'function:onPayment', ...env },
    store,
  )
  const own = platforms ?? (await startLocalPlatforms({ clock: house.clock, provider }))
  if (!platforms) t.teardown(() => own.close())
  Object.assign(house.env, own.settings(provider), {
    ...{ WEIXIN_APP_ID: own.app.appId, WEIXIN_OPEN_APP_ID: own.app.openAppId },
    NOTIFY_BASE_URL: await house.listen(),
    ...env,
  })
  return shopOf(house, own, provider)
}

function shopOf(house: House, platforms: LocalPlatforms, provider: Provider): Shop {
  const isAlipay = provider === 'alipay'
  const openid = isAlipay ? platforms.alipay.openid('alice') : platforms.openid('alice')
  const done = (answer: Fields): Fields => {
    if (answer.errCode !== 0) throw new Error(JSON.stringify(answer))
    return answer
  }
  const shop: Shop = {
    ...{ house, platforms, provider, api: names[provider] },
    async place(outTradeNo = ORDER_NO, totalFee = TOTAL) {
      done(await house.server('createOrder', { outTradeNo, totalFee, body: 'tea', openid }))
    },
    async offer(outTradeNo = ORDER_NO) {
      const clientType = isAlipay ? 'mp-alipay' : 'mp-weixin'
      return done(await house.server('getOrderInfo', { outTradeNo, clientType })).orderInfo
    },
    async pay(outTradeNo, totalFee) {
      await shop.place(outTradeNo, totalFee)
      await platforms.requestPayment((await shop.offer(outTradeNo)) as Fields)
    },
    refund: (outRefundNo, refundFee, more = {}) =>
      house.server('refund', { outTradeNo: ORDER_NO, outRefundNo, refundFee, ...more }),
    order: () => house.order(ORDER_NO),
    entry: async (number) =>
      (await house.order(ORDER_NO)).refunds.find(({ outRefundNo }) => outRefundNo === number),
    told: () => house.called.map(({ data }) => String(data.type)),
    asked: (api) =>
      platforms.requests.filter((request) => request.api === api || request.path === api).length,
  }
  return shop
}

/** Lets time pass in small steps while `work`, which waits between its attempts, talks over real sockets. */
export async function patiently<T>({ house: { clock } }: Pick<Shop, 'house'>, work: Promise<T>): Promise<T> {
  const done = new AbortController()
  const result = work.finally(() => done.abort())
  result.catch(() => undefined)
  while (!done.signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, 10))
    await clock.advance(50)
  }
  return result
}

/** Past the minute that WeChat Pay wants between two refunds of one order, and past Alipay's and V3's settling. */
export const NEXT_REFUND_MS = 61_000
