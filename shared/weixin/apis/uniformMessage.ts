import * as v from 'valibot'
import { API_WITHDRAWN, openapiError } from '../../errors/index.js'
import type { Operation } from '../../operation/index.js'

/** WeChat withdrew it on 20 September 2023 and answers 45109 ever since, so nothing is sent. */
export const send = {
  name: 'uniformMessage.send',
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/uniform-message/sendUniformMessage.html',
  title: {
    en: 'Withdrawn by WeChat on 2023-09-20; use subscribeMessage.send, or h5.templateMessage.send for official accounts',
    zh: '统一服务消息已于 2023-09-20 被微信回收；请改用 subscribeMessage.send 或公众号的 h5.templateMessage.send',
  },
  input: v.looseObject({}),
  settings: [],
  repeat: 'never',
  reach: 'server',
  async run(): Promise<never> {
    throw openapiError(API_WITHDRAWN, { api: send.name, instead: `${send.title.en} (${send.title.zh})` })
  },
} as const satisfies Operation
