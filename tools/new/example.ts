import type { Operation } from '../../shared/operation/index.js'

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
