import type { Effect } from '../entry.js'
import { WeixinRefusal } from '../rules.js'

type Fields = Readonly<Record<string, unknown>>

/** Of `logistics_type`. */
const BY_EXPRESS = 1

const ok = { errcode: 0, errmsg: 'ok' }

const upload: Effect = ({ body }, { shipping, clock }) => {
  const order = shipping.find(body.order_key as Fields)
  const { openid } = body.payer as Fields
  if (order.openid !== undefined && openid !== order.openid) throw new WeixinRefusal(10060031)
  shipping.ship(order, body, clock.now())
  return ok
}

const uploadCombined: Effect = ({ body }, { shipping, clock }) => {
  const parts = (body.sub_orders as Fields[]).map((part) => ({
    part,
    order: shipping.find(part.order_key as Fields),
  }))
  for (const { part, order } of parts) shipping.ship(order, part, clock.now())
  return ok
}

const getOrder: Effect = ({ body }, { shipping }) => {
  const order = shipping.find(body)
  // An example's order, before anything happened to it here, is as the example shows it.
  if (!order.order && !shipping.shippingOf(order)) return undefined
  return { ...ok, order: shipping.view(order) }
}

const getOrderList: Effect = ({ body }, { shipping }) => {
  const all = shipping.paid().map((order) => shipping.view(order) as Fields)
  if (all.length === 0) return undefined
  const { begin_time: from = 0, end_time: until = Number.POSITIVE_INFINITY } = {
    ...(body.pay_time_range as Fields | undefined),
  }
  const isWanted = ({ order_state: state, openid, pay_time: at }: Fields) =>
    (body.order_state === undefined || state === body.order_state) &&
    (body.openid === undefined || openid === body.openid) &&
    Number(at) >= Number(from) &&
    Number(at) <= Number(until)
  const wanted = all.filter(isWanted)
  const start = Number(body.last_index ?? 0)
  const end = start + Number(body.page_size ?? 100)
  return {
    ...ok,
    order_list: wanted.slice(start, end),
    has_more: end < wanted.length,
    last_index: String(end),
  }
}

const remind: Effect = ({ body }, { shipping }) => {
  const order = shipping.find(body)
  const shipped = shipping.shippingOf(order)
  if (!order.order && !shipped) return undefined
  if (!shipped || shipped.finished === 0) throw new WeixinRefusal(10060028)
  if (shipped.logisticsType !== BY_EXPRESS) throw new WeixinRefusal(10060032)
  if (Number(body.received_time) * 1000 < shipped.at) throw new WeixinRefusal(10060029)
  if (shipped.isReminded) throw new WeixinRefusal(10060030)
  shipped.isReminded = true
  return ok
}

export const shippingEffects = {
  '/wxa/sec/order/upload_shipping_info': { answer: upload },
  '/wxa/sec/order/upload_combined_shipping_info': { answer: uploadCombined },
  '/wxa/sec/order/get_order': { answer: getOrder },
  '/wxa/sec/order/get_order_list': { answer: getOrderList },
  '/wxa/sec/order/notify_confirm_receive': { answer: remind },
} as const
