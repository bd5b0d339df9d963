import type { Operation } from '../../shared/operation/index.js'

interface Wire {
  get?: string
  post?: string
}

/** What a new `example.json` starts from: the door, the method and the path as declared, values still to be filled in. */
export function firstExample(operation: Operation & { spec?: Wire }): object {
  const { get, post = '/wxa/...' } = operation.spec ?? {}
  const isForClients = operation.reach !== 'never'
  const entries = 'entries' in operation.input ? Object.keys(operation.input.entries as object) : []
  return {
    as: isForClients ? 'client' : 'server',
    ...(isForClients ? { session: true } : {}),
    input: Object.fromEntries(entries.map((key) => [key, null])),
    upstream: [
      {
        request:
          get === undefined
            ? { method: 'POST', path: post, contentType: 'application/json', body: {} }
            : { method: 'GET', path: get, query: {} },
        reply: { contentType: 'application/json', body: { errcode: 0, errmsg: 'ok' } },
      },
    ],
    output: {},
    refused: [{ input: {}, errCode: 'INVALID_PARAM', field: entries[0] ?? 'input' }],
  }
}
