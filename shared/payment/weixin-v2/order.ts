import { beijingCompact } from '../../clock.js'
import type { OrderRequest, ProviderDependencies, Scene } from '../provider.js'
import { unverified } from '../weixin/failure.js'
import { payerOf } from '../weixin/payer.js'
import { type Moment, momentOf } from '../weixin/timestampAndNonce.js'
import { callV2 } from './call.js'
import type { V2Merchant } from './merchant.js'
import { signature } from './sign.js'

interface SceneRule {
  tradeType: string
  /** The field of the answer that the client needs. */
  gives: 'prepay_id' | 'code_url' | 'mweb_url'
  extra?(request: OrderRequest): Readonly<Record<string, string>>
  clientParameters(merchant: V2Merchant, appId: string, given: string, moment: Moment): OrderInfo
}

type OrderInfo = Record<string, string>

const scenes: Readonly<Record<Scene, SceneRule>> = {
  mini: {
    tradeType: 'JSAPI',
    gives: 'prepay_id',
    extra: (request) => ({ openid: payerOf(request) }),
    clientParameters: miniProgramParameters,
  },
  app: { tradeType: 'APP', gives: 'prepay_id', clientParameters: appParameters },
  native: {
    tradeType: 'NATIVE',
    gives: 'code_url',
    // WeChat wants to know what is sold; the order's own number says it without another table.
    extra: ({ outTradeNo }) => ({ product_id: outTradeNo }),
    clientParameters: (_merchant, _appId, codeUrl) => ({ codeUrl }),
  },
  h5: {
    tradeType: 'MWEB',
    gives: 'mweb_url',
    extra: ({ notifyUrl }) => ({ scene_info: sceneInfo(new URL(notifyUrl)) }),
    clientParameters: (_merchant, _appId, mwebUrl) => ({ mwebUrl }),
  },
}

/** The page's site, which as far as anybody here knows is where the notices go. */
const sceneInfo = ({ origin, host }: URL): string =>
  JSON.stringify({ h5_info: { type: 'Wap', wap_url: origin, wap_name: host } })

/**
 * Makes the order at WeChat and answers the client's parameters: those of `wx.requestPayment` or of the app SDK, the
 * `codeUrl` to be shown as a code, or the `mwebUrl` to go to. The same order may be asked for again: WeChat then gives
 * a prepay id for it again, provided nothing about it changed.
 * https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_1
 */
export async function unifiedOrder(
  merchant: V2Merchant,
  dependencies: ProviderDependencies,
  request: OrderRequest,
): Promise<OrderInfo> {
  const { tradeType, gives, extra, clientParameters } = scenes[request.scene]
  const { fields } = await callV2(merchant, dependencies, '/pay/unifiedorder', {
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
    ...extra?.(request),
  })
  const given = fields.get(gives)
  if (!given) throw unverified(`an order without a ${gives}`)
  return clientParameters(merchant, request.appId, given, momentOf(dependencies))
}

/** For `wx.requestPayment`. `appId` is signed with the rest, though only web pages pass it on. */
export function miniProgramParameters(
  { key, signType }: V2Merchant,
  appId: string,
  prepayId: string,
  { seconds, nonceStr }: Moment,
): OrderInfo {
  const fields = { appId, timeStamp: seconds, nonceStr, package: `prepay_id=${prepayId}`, signType }
  return { ...fields, paySign: signature(Object.entries(fields), key, signType) }
}

/** For the app SDK, whose names are all lower case and which is not told the algorithm. */
export function appParameters(
  { mchId, key, signType }: V2Merchant,
  appid: string,
  prepayid: string,
  { seconds, nonceStr }: Moment,
): OrderInfo {
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
