import { type Operation, unread } from '../operation/index.js'
import { type Answering, receiveCall, receiveSettings } from './receive.js'
import { type PushAnswer, replyToPush } from './reply.js'

/** The receiver of WeChat's message push; `answering` says what WeChat passes on to whoever wrote. */
export const messageReceiver = (answering?: Answering) =>
  ({
    name: 'message.notify',
    doc: 'https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html',
    title: {
      en: "Receive WeChat's message push: verdicts on pictures, order and shipping events, subscriptions, customer messages",
      zh: '接收微信消息推送：内容安全结论、订单与发货事件、订阅事件、客服消息',
    },
    input: unread,
    reach: 'callback',
    repeat: 'safe',
    settings: receiveSettings,
    run: (_input, context): Promise<PushAnswer> => receiveCall(context, answering),
    reply: (result) => replyToPush(result as Parameters<typeof replyToPush>[0]),
  }) satisfies Operation<typeof unread, PushAnswer>

/** Acknowledges everything and answers nobody by itself. */
export const messageNotify = messageReceiver()
