import type { Answer } from './post.js'
import type { Provider } from './table.js'

/** The two answers that each provider understands, written out: whatever was wrong, these bytes are all a sender gets. */

const answer = (status: number, type: string | undefined, body: string): Answer => ({
  status,
  headers: {
    ...(type === undefined ? {} : { 'content-type': `${type}; charset=utf-8` }),
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  },
  body,
})

const v2 = (code: string, message: string): Answer =>
  answer(200, 'text/xml', `<xml><return_code>${code}</return_code><return_msg>${message}</return_msg></xml>`)

const words: Readonly<Record<Provider, { accepted: Answer; refused: Answer }>> = {
  'weixin-v2': { accepted: v2('SUCCESS', 'OK'), refused: v2('FAIL', 'FAIL') },
  'weixin-v3': {
    accepted: answer(204, undefined, ''),
    refused: answer(500, 'application/json', '{"code":"FAIL","message":"FAIL"}'),
  },
  alipay: { accepted: answer(200, 'text/plain', 'success'), refused: answer(200, 'text/plain', 'fail') },
}

export const accepted = (provider: Provider): Answer => words[provider].accepted
export const refusal = (provider: Provider): Answer => words[provider].refused

/** Where no provider is addressed, no provider's words are known. */
export const NOBODY: Answer = {
  ...answer(400, undefined, 'fail'),
  headers: { ...answer(400, undefined, 'fail').headers, 'content-type': 'text/plain' },
}
