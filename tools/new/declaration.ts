/** An entry to start from: it compiles as it is, with an address that does not exist. */
export const declarationOf = (dotted: string): string => `import * as v from 'valibot'
import { object, optional } from '../../operation/fields.js'
import { json } from '../answer.js'
import { weixinApi } from '../api.js'
import { openid, pagePath } from '../shapes/fields.js'

export const ${dotted.slice(dotted.lastIndexOf('.') + 1)} = weixinApi('${dotted}', {
  doc: 'https://developers.weixin.qq.com/...',
  title: { en: 'what it does', zh: '它做什么' },
  post: '/wxa/...',
  input: object({ openid, page: optional(pagePath) }),
  output: json(v.object({ result: v.string() })),
  repeat: 'safe',
  reach: 'server',
})
`
