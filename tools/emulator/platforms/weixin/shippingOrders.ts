import type { Ledger, Order } from '../weixin-pay/index.js'
import { documentedApis } from './documented.js'
import { WeixinRefusal } from './rules.js'

type Fields = Readonly<Record<string, unknown>>

/** What was reported of the shipping of one order. */
interface Shipping {
  /** How often it was complete: once, and once more as a correction. */
  finished: number
  logisticsType: unknown
  deliveryMode: unknown
  parcels: Fields[]
  /** Milliseconds since the epoch. */
  at: number
  isReminded: boolean
}

/** A paid order, from the books of WeChat Pay or from an example. */
interface Shippable {
  transactionId?: string
  outTradeNo?: string
  openid?: string
  order?: Order
}

const MOST_TIMES_FINISHED = 2
const SPLIT = 2

/** Which paid orders were shipped, and how. */
export class ShippingOrders {
  readonly #shipped = new Map<string, Shipping>()

  constructor(
    private readonly ledger: Ledger,
    private readonly mchId: string,
  ) {}

  /** The paid order that a request names in any of WeChat's ways; throws 10060001 where there is none. */
  find(key: Fields): Shippable {
    const id = textIn(key, 'transaction_id')
    const number = textIn(key, 'out_trade_no') ?? textIn(key, 'merchant_trade_no')
    const { orders } = this.ledger
    const order = id ? orders.byTransactionId(id) : number ? orders.byOutTradeNo(number) : undefined
    if (order?.paid) {
      const { transactionId, openid } = order.paid
      return { order, transactionId, openid, outTradeNo: order.terms.outTradeNo }
    }
    if (!isDocumentedOrder(id ?? number)) throw new WeixinRefusal(10060001)
    return { ...(id ? { transactionId: id } : {}), ...(number ? { outTradeNo: number } : {}) }
  }

  /** Paid orders of the books, the oldest first. */
  paid(): Shippable[] {
    return this.ledger.orders
      .list()
      .flatMap((order) => (order.paid ? [this.find({ out_trade_no: order.terms.outTradeNo })] : []))
  }

  shippingOf(order: Shippable): Shipping | undefined {
    return this.#shipped.get(nameOf(order))
  }

  /** Adds parcels; throws when the order was shipped, and corrected, before. */
  ship(
    order: Shippable,
    { logistics_type: logisticsType, delivery_mode: deliveryMode, ...more }: Fields,
    at: number,
  ): void {
    const before = this.shippingOf(order)
    const isCorrection = (before?.finished ?? 0) > 0
    if ((before?.finished ?? 0) >= MOST_TIMES_FINISHED) throw new WeixinRefusal(10060003)
    const parcels = (more.shipping_list as Fields[]).map((parcel) => parcelOf(parcel, at))
    if (isCorrection && isSame(before?.parcels, parcels)) throw new WeixinRefusal(10060023)
    const isComplete = deliveryMode !== SPLIT || more.is_all_delivered === true
    this.#shipped.set(nameOf(order), {
      ...{ logisticsType, deliveryMode, at, isReminded: before?.isReminded ?? false },
      parcels: isCorrection ? parcels : [...(before?.parcels ?? []), ...parcels],
      finished: (before?.finished ?? 0) + (isComplete ? 1 : 0),
    })
  }

  /** As `get_order` shows it; amounts in fen, times in seconds. */
  view({ order, ...names }: Shippable): object {
    const shipping = this.shippingOf(names)
    const { terms, paid, createdAt } = order ?? {}
    return {
      transaction_id: names.transactionId ?? '',
      merchant_id: this.mchId,
      merchant_trade_no: names.outTradeNo ?? '',
      description: terms?.description ?? '',
      paid_amount: terms?.totalFee ?? 0,
      openid: names.openid ?? '',
      trade_create_time: seconds(createdAt ?? 0),
      pay_time: seconds(paid?.at ?? 0),
      order_state: stateOf(order, shipping),
      in_complaint: false,
      shipping: shipping
        ? {
            delivery_mode: shipping.deliveryMode,
            logistics_type: shipping.logisticsType,
            finish_shipping: shipping.finished > 0,
            finish_shipping_count: shipping.finished,
            shipping_list: shipping.parcels,
          }
        : {},
    }
  }
}

const seconds = (ms: number): number => Math.floor(ms / 1000)

const textIn = (fields: Fields, name: string): string | undefined => {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

const nameOf = ({ transactionId, outTradeNo }: Shippable): string => transactionId ?? outTradeNo ?? ''

const parcelOf = ({ item_desc: description, ...parcel }: Fields, at: number): Fields => ({
  ...parcel,
  goods_desc: description,
  upload_time: seconds(at),
})

const isSame = (one: readonly Fields[] | undefined, other: readonly Fields[]): boolean => {
  const comparable = (parcels: readonly Fields[]) =>
    JSON.stringify(parcels.map(({ upload_time: _at, ...parcel }) => parcel))
  return one !== undefined && comparable(one) === comparable(other)
}

/** 1 waits for its shipping, 2 was shipped, 5 was given back. */
function stateOf(order: Order | undefined, shipping: Shipping | undefined): 1 | 2 | 5 {
  const refunded = order?.refunds.reduce(
    (sum, { state, request }) => sum + (state === 'SUCCESS' ? request.refundFee : 0),
    0,
  )
  if (order && refunded === order.terms.totalFee) return 5
  return shipping && shipping.finished > 0 ? 2 : 1
}

let documentedOrders: Set<string> | undefined

/** Whether an example ships or asks for an order of that number. */
function isDocumentedOrder(number: string | undefined): boolean {
  documentedOrders ??= new Set(
    documentedApis()
      .filter(({ path }) => path.startsWith('/wxa/sec/order/'))
      .flatMap(({ exchanges }) => exchanges.flatMap(({ request }) => textsIn(request.body))),
  )
  return number !== undefined && documentedOrders.has(number)
}

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}
