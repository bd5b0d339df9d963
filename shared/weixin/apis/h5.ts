import * as v from 'valibot'
import { object, optional, text } from '../../operation/fields.js'
import { json } from '../answer.js'
import { weixinApi } from '../api.js'
import { appId, openid, pagePathWithQuery, templateData, webAddress } from '../shapes/inputs.js'
import { texts } from '../shapes/records.js'

/** The official account's, not the mini program's: its own appid, token and openids. */
export const templateMessageSend = weixinApi('h5.templateMessage.send', {
  doc: 'https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Template_Message_Interface.html',
  title: {
    en: 'Send a template message of a certified service account',
    zh: '发送公众号模板消息（已认证的服务号）',
  },
  post: '/cgi-bin/message/template/send',
  app: 'h5',
  input: object({
    touser: openid,
    templateId: text({ like: 'the id of a template' }),
    url: optional(webAddress),
    miniprogram: optional(object({ appid: appId, pagepath: optional(pagePathWithQuery) })),
    data: templateData,
    clientMsgId: optional(
      text({ max: 32, like: 'an id of your own of at most 32 characters, refused when repeated' }),
    ),
  }),
  output: json(v.object(texts('msgid'))),
  errors: {
    40013: {
      en: 'the mini program is not bound to the official account',
      zh: '不符合绑定关系要求',
      advice: 'fix the settings',
    },
  },
  repeat: 'never',
  reach: 'server',
})
