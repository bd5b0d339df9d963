import type { Operation } from '../../shared/operation/index.js'

/** An entry to start from: it compiles as it is, with an address that does not exist. */
export const declarationOf = (dotted: string): string => `import * as v from 'valibot'
import { object, optional } from '../../operation/fields.js'
import { json } from '../answer.js'
import { weixinApi } from '../api.js'
import { openid, pagePath } from '../shapes/inputs.js'

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

interface Wire {
  get?: string
  post?: string
  /** Alipay's. */
  method?: string
}

const weixinUpstream = ({ get, post = '/wxa/...' }: Wire) => ({
  request:
    get === undefined
      ? { method: 'POST', path: post, contentType: 'application/json', body: {} }
      : { method: 'GET', path: get, query: {} },
  reply: { contentType: 'application/json', body: { errcode: 0, errmsg: 'ok' } },
})

const alipayUpstream = (method: string) => ({
  request: { method, content: {} },
  reply: { code: '10000', msg: 'Success' },
})

/** What a new `example.json` starts from: the door, the method and the path as declared, values still to be filled in. */
export function firstExample(operation: Operation & { spec?: Wire }): object {
  const { spec = {} } = operation
  const isForClients = operation.reach !== 'server'
  const entries = 'entries' in operation.input ? Object.keys(operation.input.entries as object) : []
  return {
    as: isForClients ? 'client' : 'server',
    ...(isForClients ? { session: true } : {}),
    input: Object.fromEntries(entries.map((key) => [key, null])),
    upstream: [spec.method === undefined ? weixinUpstream(spec) : alipayUpstream(spec.method)],
    output: {},
    refused: [{ input: {}, errCode: 'INVALID_PARAM', field: entries[0] ?? 'input' }],
  }
}
