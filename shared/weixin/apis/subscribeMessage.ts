import { choice, object, optional, text } from '../../operation/fields.js'
import { json } from '../answer.js'
import { weixinApi } from '../api.js'
import { openid, pagePathWithQuery, templateData } from '../shapes/inputs.js'
import { nothing } from '../shapes/records.js'

export const send = weixinApi('subscribeMessage.send', {
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html',
  title: {
    en: 'Send a message the user has subscribed to; one subscription, one message',
    zh: '发送订阅消息（一次订阅，一条消息）',
  },
  post: '/cgi-bin/message/subscribe/send',
  input: object({
    touser: openid,
    templateId: text({ like: 'the id of a subscription template' }),
    page: optional(pagePathWithQuery),
    data: templateData,
    /** The same three versions have other names in codes and links. */
    miniprogramState: optional(choice(['developer', 'trial', 'formal'])),
    lang: optional(choice(['zh_CN', 'en_US', 'zh_HK', 'zh_TW'])),
  }),
  output: json(nothing),
  repeat: 'never',
  reach: 'server',
})
