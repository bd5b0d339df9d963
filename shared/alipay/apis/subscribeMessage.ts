import * as v from 'valibot'
import { object, optional, text } from '../../operation/fields.js'
import { templateData } from '../../weixin/shapes/inputs.js'
import { alipayApi } from '../api.js'
import { userField } from '../request.js'

export const send = alipayApi('subscribeMessage.send', {
  doc: 'https://opendocs.alipay.com/mini/6430ce5a_alipay.open.app.mini.templatemessage.send',
  title: {
    en: 'Send a message the user has subscribed to; one subscription, one message',
    zh: '发送订阅消息（一次订阅，一条消息）',
  },
  method: 'alipay.open.app.mini.templatemessage.send',
  input: object({
    touser: text({ max: 128, pattern: /^[\w-]+$/, like: 'the openid that auth.code2Session answered' }),
    templateId: text({ max: 128, like: 'the id of a subscription template' }),
    page: optional(text({ max: 1024, like: 'a page path with its query, such as pages/index/index?id=1' })),
    data: templateData,
  }),
  content: ({ touser, templateId, page, data }) => ({
    ...userField('to_user_id', 'to_open_id', touser),
    user_template_id: templateId,
    page,
    // Alipay wants a text here: JSON inside JSON.
    data: JSON.stringify(data),
  }),
  output: v.object({}),
  conclude: () => ({}),
  unverified: 'allowed',
  repeat: 'never',
  reach: 'server',
})
