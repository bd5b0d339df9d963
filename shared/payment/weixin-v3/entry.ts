import type { HttpReply } from '../../operation/index.js'
import { weixinEntry } from '../weixin/entry.js'

/** V3 looks at the status alone: a FAIL in the body of a 200 ends the repeats like a SUCCESS. */
const refused: HttpReply = {
  status: 500,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({ code: 'FAIL', message: 'FAIL' }),
}

/** WeChat Pay V3, which a merchant has who has its credentials. */
export const weixinV3Entry = weixinEntry({
  replies: { accepted: { status: 204, headers: {}, body: '' }, refused },
  serves: ({ v3 }) => v3 !== undefined,
  setting: 'WEIXIN_PAY_V3_KEY',
  async open(merchant, dependencies) {
    const { weixinV3 } = await import('./index.js')
    return weixinV3(merchant, dependencies)
  },
})
