import * as v from 'valibot'
import { maybeNumbers, maybeTexts, texts } from '../weixin/shapes/records.js'

/** The events that a push can become. */
type MessageEventType =
  | 'message.mediaCheck'
  | 'message.tradeManageRemindAccessApi'
  | 'message.tradeManageRemindShipping'
  | 'message.tradeManageOrderSettlement'
  | 'message.tradeControlled'
  | 'message.expressPath'
  | 'message.subscribePopup'
  | 'message.subscribeChange'
  | 'message.subscribeSent'
  | 'message.templateSent'
  | 'message.customerEnter'
  /** A user has written; `msgType` is the kind of message. */
  | 'message.customerMessage'
  | 'message.other'

/** What there is to know of one kind of push, its fields in camelCase. */
export interface PushKind {
  eventType: MessageEventType
  /**
   * The fields that identify one push of this kind. WeChat's own advice, sender and second, would take two orders
   * of one second for one.
   */
  identity: readonly string[]
  /** What is a number, a text or a list: XML knows texts only, and a list of one looks like none. */
  fields: v.GenericSchema
  /** In XML, the element that stands around these fields. */
  wrapper?: string
  /** Kept to be asked for later. */
  isKept?: true
}

const payment = texts('transactionId', 'merchantId', 'subMerchantId', 'merchantTradeNo')

const verdict = { ...maybeTexts('suggest'), ...maybeNumbers('label') }

const subscriptions = v.object({
  list: v.array(
    v.object(
      maybeTexts('templateId', 'subscribeStatusString', 'popupScene', 'msgId', 'errorCode', 'errorStatus'),
    ),
  ),
})

/** The message ids of a subscription distinguish two pushes of one second; answers to a popup come one at a time. */
const subscription = (
  eventType: MessageEventType,
  wrapper: string,
  ...identity: readonly string[]
): PushKind => ({
  eventType,
  wrapper,
  identity: ['fromUserName', 'createTime', ...identity],
  fields: subscriptions,
})

/** Events by WeChat's name for them; https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html */
const events: Readonly<Record<string, PushKind>> = {
  wxa_media_check: {
    eventType: 'message.mediaCheck',
    identity: ['traceId'],
    isKept: true,
    fields: v.object({
      ...texts('appid', 'traceId'),
      ...maybeNumbers('version', 'errCode', 'isrisky', 'statusCode'),
      ...maybeTexts('errMsg', 'extraInfoJson'),
      result: v.optional(v.object(verdict)),
      detail: v.optional(
        v.array(v.object({ ...verdict, ...maybeTexts('strategy'), ...maybeNumbers('errCode', 'prob') })),
      ),
    }),
  },
  trade_manage_remind_access_api: {
    eventType: 'message.tradeManageRemindAccessApi',
    identity: ['createTime'],
    fields: v.object(texts('msg')),
  },
  trade_manage_remind_shipping: {
    eventType: 'message.tradeManageRemindShipping',
    identity: ['transactionId', 'createTime'],
    fields: v.object({ ...payment, ...texts('msg'), ...maybeNumbers('payTime') }),
  },
  trade_manage_order_settlement: {
    eventType: 'message.tradeManageOrderSettlement',
    // Once when the goods are sent and once at settlement, for the same order.
    identity: ['transactionId', 'createTime'],
    fields: v.object({
      ...payment,
      ...maybeNumbers('payTime', 'shippedTime', 'estimatedSettlementTime', 'settlementTime'),
      ...maybeNumbers('confirmReceiveMethod', 'confirmReceiveTime'),
    }),
  },
  wxa_trade_controlled: {
    eventType: 'message.tradeControlled',
    identity: ['createTime'],
    fields: v.object(texts('msg')),
  },
  add_express_path: {
    eventType: 'message.expressPath',
    identity: ['deliveryId', 'wayBillId', 'orderId', 'version', 'createTime'],
    fields: v.object({
      ...texts('deliveryId', 'wayBillId', 'orderId'),
      ...maybeNumbers('version', 'count'),
      actions: v.array(v.object({ ...maybeNumbers('actionTime', 'actionType'), ...texts('actionMsg') })),
    }),
  },
  subscribe_msg_popup_event: subscription('message.subscribePopup', 'subscribeMsgPopupEvent', 'list'),
  subscribe_msg_change_event: subscription('message.subscribeChange', 'subscribeMsgChangeEvent', 'list'),
  subscribe_msg_sent_event: subscription('message.subscribeSent', 'subscribeMsgSentEvent', 'list'),
  TEMPLATESENDJOBFINISH: {
    eventType: 'message.templateSent',
    identity: ['msgId'],
    fields: v.object(texts('msgId', 'status')),
  },
  user_enter_tempsession: {
    eventType: 'message.customerEnter',
    identity: ['fromUserName', 'createTime'],
    fields: v.object(texts('sessionFrom')),
  },
}

const written: PushKind = {
  eventType: 'message.customerMessage',
  identity: ['msgId'],
  fields: v.object(texts('msgId', 'content', 'mediaId', 'picUrl', 'title', 'appId', 'pagePath')),
}

/** A kind that is not known here is identified by all of its fields: WeChat repeats a push unchanged. */
const unknown: PushKind = { eventType: 'message.other', identity: [], fields: v.object({}) }

export function kindOf(msgType: string, event: string | undefined): PushKind {
  if (msgType !== 'event') return written
  return (event !== undefined && Object.hasOwn(events, event) ? events[event] : undefined) ?? unknown
}
