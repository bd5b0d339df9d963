import type { HttpReply } from '../../operation/index.js'
import { weixinEntry } from '../weixin/entry.js'

/** V2 takes anything but this XML for a failure. Written out, since it is made while a callback loads. */
const reply = (returnCode: 'SUCCESS' | 'FAIL', returnMsg: string): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  body: `<xml><return_code>${returnCode}</return_code><return_msg>${returnMsg}</return_msg></xml>`,
})

/** WeChat Pay V2, which a merchant has who has the V2 key. */
export const weixinV2Entry = weixinEntry({
  replies: { accepted: reply('SUCCESS', 'OK'), refused: reply('FAIL', 'FAIL') },
  serves: ({ key }) => key !== undefined,
  setting: 'WEIXIN_PAY_KEY',
  async open(merchant, dependencies) {
    const { weixinV2 } = await import('./index.js')
    return weixinV2(merchant, dependencies)
  },
})
