import { beijingRfc3339 } from '../../clock.js'
import type { OrderRequest, Scene } from '../provider.js'
import { payerOf } from '../weixin/payer.js'
import { type Moment, momentOf } from '../weixin/timestampAndNonce.js'
import { callV3, type Line, understood } from './call.js'
import { requiredText } from './fields.js'
import type { V3Merchant } from './merchant.js'
import { signLines } from './signature.js'

type OrderInfo = Record<string, string>

interface SceneRule {
  path: string
  /** The field of the answer that the client needs. */
  gives: 'prepay_id' | 'code_url' | 'h5_url'
  extra?(request: OrderRequest): object
  clientParameters(merchant: V3Merchant, appId: string, given: string, moment: Moment): OrderInfo
}

const scenes: Readonly<Record<Scene, SceneRule>> = {
  mini: {
    path: 'jsapi',
    gives: 'prepay_id',
    extra: (request) => ({ payer: { openid: payerOf(request) } }),
    clientParameters: miniProgramParameters,
  },
  app: { path: 'app', gives: 'prepay_id', clientParameters: appParameters },
  native: {
    path: 'native',
    gives: 'code_url',
    clientParameters: (_merchant, _appId, codeUrl) => ({ codeUrl }),
  },
  h5: {
    path: 'h5',
    gives: 'h5_url',
    // Only here: an order asked for again from another address would not be the same order any more.
    extra: ({ payerIp }) => ({ scene_info: { payer_client_ip: payerIp, h5_info: { type: 'Wap' } } }),
    clientParameters: (_merchant, _appId, mwebUrl) => ({ mwebUrl }),
  },
}

/**
 * Makes the order at WeChat Pay and answers the client's parameters. The same order may be asked for again: WeChat
 * Pay then gives a prepay id for it again, provided nothing about it changed. A repeat moves no money.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791897
 */
export async function makeOrder(line: Line, request: OrderRequest): Promise<OrderInfo> {
  const { merchant, dependencies } = line
  const scene = scenes[request.scene]
  const answer = await callV3(line, {
    method: 'POST',
    target: `/v3/pay/transactions/${scene.path}`,
    body: { ...orderBody(merchant, request), ...scene.extra?.(request) },
    repeat: 'safe',
  })
  const given = understood(answer, (fields) => requiredText(fields, scene.gives))
  return scene.clientParameters(merchant, request.appId, given, momentOf(dependencies))
}

const orderBody = ({ mchId }: V3Merchant, request: OrderRequest): object => ({
  appid: request.appId,
  mchid: mchId,
  description: request.body,
  out_trade_no: request.outTradeNo,
  time_expire: request.expiresAt === undefined ? undefined : beijingRfc3339(request.expiresAt),
  attach: request.attach,
  notify_url: request.notifyUrl,
  amount: { total: request.totalFee, currency: request.currency },
})

/**
 * For `wx.requestPayment`. `appId` is signed with the rest, though only web pages pass it on.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012365341
 */
export function miniProgramParameters(
  merchant: V3Merchant,
  appId: string,
  prepayId: string,
  { seconds, nonceStr }: Moment,
): OrderInfo {
  const prepay = `prepay_id=${prepayId}`
  const paySign = signLines(merchant, appId, seconds, nonceStr, prepay)
  return { appId, timeStamp: seconds, nonceStr, package: prepay, signType: 'RSA', paySign }
}

/** For the app SDK, which wants the bare prepay id signed. https://pay.weixin.qq.com/doc/v3/merchant/4012365340 */
export function appParameters(
  merchant: V3Merchant,
  appid: string,
  prepayid: string,
  { seconds, nonceStr }: Moment,
): OrderInfo {
  const sign = signLines(merchant, appid, seconds, nonceStr, prepayid)
  return {
    appid,
    partnerid: merchant.mchId,
    prepayid,
    package: 'Sign=WXPay',
    noncestr: nonceStr,
    timestamp: seconds,
    sign,
  }
}
