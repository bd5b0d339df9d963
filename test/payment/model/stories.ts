import type { Beginnings } from './start.js'
import type { Wire } from './wires/wire.js'
import type { Left } from './world.js'

/** What may happen in one exploration. Fewer things that may happen are followed further. */
export interface Story {
  name: string
  from: readonly (keyof Beginnings)[]
  left: Left
  /** 0: not with this platform, unless somebody wants more than `npm test` has time for. */
  depths: Readonly<Record<Wire['provider'], number>>
  settings?: Readonly<Record<string, string>>
}

const ALL: Left = {
  ...{ getOrderInfo: 1, notice: 2, orderQuery: 1, closeOrder: 1, refund: 2, refundQuery: 1, timer: 2 },
  ...{ crash: 1, loss: 1, switch: 1, 'failed refund': 1 },
}

export const stories: readonly Story[] = [
  {
    name: 'everything',
    from: ['placed', 'offered', 'paid', 'refunding'],
    left: ALL,
    depths: { 'weixin-v2': 2, 'weixin-v3': 2, alipay: 2 },
  },
  {
    name: 'a payment and whoever learns of it',
    from: ['offered'],
    left: { notice: 2, timer: 2, orderQuery: 1, closeOrder: 1, crash: 2 },
    depths: { 'weixin-v2': 4, 'weixin-v3': 3, alipay: 3 },
  },
  {
    name: 'a payment, and a refund before anybody knows',
    from: ['offered'],
    left: { notice: 2, timer: 2, refund: 1, crash: 1 },
    depths: { 'weixin-v2': 4, 'weixin-v3': 3, alipay: 3 },
  },
  {
    name: 'two refunds',
    from: ['paid'],
    left: { notice: 2, timer: 1, refund: 2, refundQuery: 1, 'failed refund': 1, crash: 1 },
    depths: { 'weixin-v2': 3, 'weixin-v3': 3, alipay: 3 },
  },
  {
    name: 'closed here while it is offered, paid late and given back',
    from: ['placed'],
    left: { getOrderInfo: 1, notice: 1, timer: 2, closeOrder: 1, switch: 1 },
    depths: { 'weixin-v2': 4, 'weixin-v3': 0, alipay: 0 },
    settings: { PAID_AFTER_CLOSE: 'refund' },
  },
  {
    name: 'an order from a backup',
    from: ['offered'],
    left: { notice: 2, timer: 1, orderQuery: 1, restore: 1, crash: 1 },
    depths: { 'weixin-v2': 4, 'weixin-v3': 3, alipay: 3 },
  },
]

/** The story in which all may happen, for the faults that are built in. */
export const everything = ALL
