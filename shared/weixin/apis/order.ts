import * as v from 'valibot'
import { choice, integer, list, object, optional, optionalText, text } from '../../operation/fields.js'
import { requiredWhen, ruled } from '../../operation/rules.js'
import { json } from '../answer.js'
import { type WeixinApiSpec, weixinApi } from '../api.js'
import { openid, pagePathWithQuery, unixSeconds } from '../shapes/inputs.js'
import { maybeTexts, nothing } from '../shapes/records.js'
import {
  eitherNumber,
  order,
  orderKey,
  orderStates,
  payer,
  shipment,
  shipmentRules,
  uploadTime,
  whichOrder,
} from '../shapes/shipping.js'

const common = {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/platform-capabilities/business-capabilities/order-shipping/order-shipping.html',
  reach: 'server',
} as const satisfies Partial<WeixinApiSpec<never, never>>

/** A second upload uses up the one correction that an order allows. */
export const uploadShippingInfo = weixinApi('order.uploadShippingInfo', {
  ...common,
  title: { en: 'Tell WeChat that an order was shipped', zh: '发货信息录入' },
  post: '/wxa/sec/order/upload_shipping_info',
  input: ruled(object({ orderKey, ...shipment, uploadTime, payer }), ...shipmentRules),
  output: json(nothing),
  repeat: 'never',
})

const subOrder = ruled(object({ orderKey, ...shipment }), ...shipmentRules)

export const uploadCombinedShippingInfo = weixinApi('order.uploadCombinedShippingInfo', {
  ...common,
  title: { en: 'Tell WeChat that the parts of a combined order were shipped', zh: '发货信息合单录入' },
  post: '/wxa/sec/order/upload_combined_shipping_info',
  input: ruled(
    object({ orderKey, subOrders: list(subOrder, 1, 50), uploadTime, payer }),
    ({ orderKey, subOrders }) => {
      const at = subOrders.findIndex((sub) => sub.orderKey.orderNumberType !== orderKey.orderNumberType)
      return at < 0
        ? undefined
        : [`subOrders.${at}.orderKey.orderNumberType`, 'expected the same as that of the combined order']
    },
  ),
  output: json(nothing),
  repeat: 'never',
})

export const getOrder = weixinApi('order.getOrder', {
  ...common,
  title: { en: 'What WeChat knows of the shipping of an order', zh: '查询订单发货状态' },
  post: '/wxa/sec/order/get_order',
  input: ruled(object(whichOrder), eitherNumber),
  output: json(v.object({ order })),
  repeat: 'safe',
})

export const getOrderList = weixinApi('order.getOrderList', {
  ...common,
  title: { en: 'Orders by state, payer or time of payment', zh: '查询订单列表' },
  post: '/wxa/sec/order/get_order_list',
  input: object({
    payTimeRange: optional(object({ beginTime: optional(unixSeconds), endTime: optional(unixSeconds) })),
    orderState: optional(choice([1, 2, 3, 4, 5, 6], orderStates)),
    openid: optional(openid),
    lastIndex: optionalText({ like: 'the lastIndex of the page before' }),
    pageSize: optional(integer(1, 10_000)),
  }),
  output: json(v.object({ orderList: v.array(order), hasMore: v.boolean(), ...maybeTexts('lastIndex') })),
  repeat: 'safe',
})

export const notifyConfirmReceive = weixinApi('order.notifyConfirmReceive', {
  ...common,
  title: {
    en: 'Remind a user to confirm that a parcel arrived; once an order, express only',
    zh: '确认收货提醒（每单一次，仅快递）',
  },
  post: '/wxa/sec/order/notify_confirm_receive',
  input: ruled(object({ ...whichOrder, receivedTime: unixSeconds }), eitherNumber),
  output: json(nothing),
  repeat: 'safe',
})

export const setMsgJumpPath = weixinApi('order.setMsgJumpPath', {
  ...common,
  title: { en: 'Which page the shipping messages open', zh: '消息跳转路径设置' },
  post: '/wxa/sec/order/set_msg_jump_path',
  input: object({ path: pagePathWithQuery }),
  output: json(nothing),
  repeat: 'safe',
})

export const isTradeManaged = weixinApi('order.isTradeManaged', {
  ...common,
  title: { en: 'Whether shipping management is on', zh: '查询小程序是否已开通发货信息管理服务' },
  post: '/wxa/sec/order/is_trade_managed',
  input: object({}),
  appIdAs: 'appid',
  output: json(v.object({ isTradeManaged: v.boolean() })),
  repeat: 'safe',
})

export const isTradeManagementConfirmationCompleted = weixinApi(
  'order.isTradeManagementConfirmationCompleted',
  {
    ...common,
    title: { en: 'Whether the settlement terms were confirmed', zh: '查询小程序是否已完成交易结算管理确认' },
    post: '/wxa/sec/order/is_trade_management_confirmation_completed',
    input: object({}),
    appIdAs: 'appid',
    output: json(v.object({ completed: v.boolean() })),
    repeat: 'safe',
  },
)

/** WeChat allows a delay from 15 to 330 days after the payment. */
export const opspecialorder = weixinApi('order.opspecialorder', {
  ...common,
  title: { en: 'Announce an order that ships late, or that was a test', zh: '特殊发货报备' },
  post: '/wxa/sec/order/opspecialorder',
  input: ruled(
    object({
      orderId: text({ max: 64, like: "WeChat Pay's or the merchant's number of the order" }),
      type: choice([1, 2], '1 ships late, 2 was a test'),
      delayTo: optional(unixSeconds),
    }),
    requiredWhen('delayTo', ({ type }) => type === 1, 'for type 1: when it will ship'),
  ),
  output: json(nothing),
  repeat: 'safe',
})
