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
  limits: { detail: { pattern: /^\s*\{/, like: 'an object, or the JSON text of one' } },
  extra: {
    order: {
      own: [
        ...['appid', 'mchid', 'description', 'out_trade_no', 'time_expire', 'attach', 'notify_url'],
        ...['amount.total', 'amount.currency', 'payer.openid', 'detail', 'goods_tag', 'limit_pay'],
        ...['support_fapiao', 'settle_info.profit_sharing', 'scene_info.payer_client_ip'],
        ...['scene_info.device_id', 'scene_info.store_info', 'scene_info.h5_info'],
      ],
    },
    refund: {
      own: [
        ...['transaction_id', 'out_trade_no', 'out_refund_no', 'reason', 'notify_url', 'funds_account'],
        ...['amount.refund', 'amount.total', 'amount.currency', 'goods_detail'],
      ],
    },
  },
  async open(merchant, dependencies) {
    const { weixinV3 } = await import('./index.js')
    return weixinV3(merchant, dependencies)
  },
})
