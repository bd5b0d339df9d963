import { beijingCompact, nonce } from '../../clock/index.js'
import type { WeixinPayApp } from '../../config/weixinMerchant.js'
import { invalidParam } from '../../errors/index.js'
import type { OrderRequest, Outside, Scene } from '../provider.js'
import { callV2, unverified, type V2Merchant } from './call.js'
import { signature } from './sign.js'

/** How each scene is called on the wire, which kind of application it takes, and where that is set. */
const scenes: Readonly<Partial<Record<Scene, { tradeType: string; kind: WeixinPayApp['kind'] }>>> = {
  mini: { tradeType: 'JSAPI', kind: 'mp' },
  app: { tradeType: 'APP', kind: 'app' },
}

export function sceneOf(scene: Scene): { tradeType: string; kind: WeixinPayApp['kind'] } {
  const known = scenes[scene]
  if (known) return known
  throw invalidParam('clientType', 'WeChat Pay V2 serves mini programs (mp-weixin) and apps (app) here')
}

/**
 * Makes the order at WeChat and answers the client's parameters. The same order may be asked for again: WeChat then
 * gives a prepay id for it again, provided nothing about it changed.
 * https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_1
 */
export async function unifiedOrder(
  merchant: V2Merchant,
  outside: Outside,
  request: OrderRequest,
): Promise<Record<string, string>> {
  const { tradeType } = sceneOf(request.scene)
  const { fields } = await callV2(merchant, outside, '/pay/unifiedorder', {
    appid: request.appId,
    body: request.body,
    attach: request.attach,
    out_trade_no: request.outTradeNo,
    total_fee: String(request.totalFee),
    fee_type: request.currency,
    spbill_create_ip: request.payerIp,
    time_expire: request.expiresAt === undefined ? undefined : beijingCompact(request.expiresAt),
    notify_url: request.notifyUrl,
    trade_type: tradeType,
    openid: request.scene === 'mini' ? payer(request) : undefined,
  })
  const prepayId = fields.get('prepay_id')
  if (!prepayId) throw unverified('an order without a prepay_id')
  const at = { seconds: String(Math.floor(outside.clock.now() / 1000)), nonceStr: nonce(outside.random) }
  return request.scene === 'app'
    ? appParameters(merchant, request.appId, prepayId, at)
    : miniProgramParameters(merchant, request.appId, prepayId, at)
}

function payer({ openid }: OrderRequest): string {
  if (openid !== undefined) return openid
  throw invalidParam('openid', 'required, the one who pays in the mini program; authCode2Session answers it')
}

interface Moment {
  /** Unix seconds. */
  seconds: string
  nonceStr: string
}

/** For `wx.requestPayment`. `appId` is signed with the rest, though only web pages pass it on. */
export function miniProgramParameters(
  { key, signType }: V2Merchant,
  appId: string,
  prepayId: string,
  { seconds, nonceStr }: Moment,
): Record<string, string> {
  const fields = { appId, timeStamp: seconds, nonceStr, package: `prepay_id=${prepayId}`, signType }
  return { ...fields, paySign: signature(Object.entries(fields), key, signType) }
}

/** For the app SDK, whose names are all lower case and which is not told the algorithm. */
export function appParameters(
  { mchId, key, signType }: V2Merchant,
  appid: string,
  prepayid: string,
  { seconds, nonceStr }: Moment,
): Record<string, string> {
  const fields = {
    appid,
    partnerid: mchId,
    prepayid,
    package: 'Sign=WXPay',
    noncestr: nonceStr,
    timestamp: seconds,
  }
  return { ...fields, sign: signature(Object.entries(fields), key, signType) }
}
