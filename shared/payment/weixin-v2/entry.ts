import type { HttpReply } from '../../operation/index.js'
import { weixinEntry } from '../weixin/entry.js'

/** V2 takes anything but this XML for a failure. Written out, since it is made while a callback loads. */
const reply = (returnCode: 'SUCCESS' | 'FAIL', returnMsg: string): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  body: `<xml><return_code>${returnCode}</return_code><return_msg>${returnMsg}</return_msg></xml>`,
})

/** In every request. */
const ENVELOPE = ['appid', 'mch_id', 'nonce_str', 'sign_type', 'sign']

/** WeChat Pay V2, which a merchant has who has the V2 key. */
export const weixinV2Entry = weixinEntry({
  replies: { accepted: reply('SUCCESS', 'OK'), refused: reply('FAIL', 'FAIL') },
  serves: ({ key }) => key !== undefined,
  setting: 'WEIXIN_PAY_KEY',
  limits: { limitPay: { pattern: /^no_credit$/, like: 'no_credit, the only one that V2 has' } },
  extra: {
    order: {
      own: [
        ...ENVELOPE,
        ...['body', 'attach', 'out_trade_no', 'total_fee', 'fee_type', 'spbill_create_ip', 'notify_url'],
        ...['time_start', 'time_expire', 'trade_type', 'openid', 'product_id', 'scene_info', 'device_info'],
        ...['detail', 'goods_tag', 'limit_pay', 'receipt', 'profit_sharing'],
      ],
    },
    refund: {
      own: [
        ...ENVELOPE,
        ...['transaction_id', 'out_trade_no', 'out_refund_no', 'total_fee', 'refund_fee', 'refund_fee_type'],
        ...['refund_desc', 'refund_account', 'notify_url', 'detail'],
      ],
    },
  },
  async open(merchant, dependencies) {
    const { weixinV2 } = await import('./index.js')
    return weixinV2(merchant, dependencies)
  },
})
