import { omitUndefined } from '../../operation/operation.js'
import type { OrderParameters } from './orderParameters.js'
import { jsonObject, v3Names, wireNames } from './spelling.js'

/**
 * What an order says beside its amount and its text, in V3's names. `productId` and `timeStart` are V2's alone and
 * change nothing for anybody: they are left out. https://pay.weixin.qq.com/doc/v3/merchant/4012791897
 */
export function furtherFields(parameters: OrderParameters, payerIp: string): object {
  const { goodsTag, limitPay, receipt, profitSharing, detail, deviceInfo, sceneInfo } = parameters
  const isInScene = deviceInfo !== undefined || sceneInfo !== undefined
  return omitUndefined({
    goods_tag: goodsTag,
    limit_pay: limitPay,
    support_fapiao: receipt || undefined,
    settle_info: profitSharing === undefined ? undefined : { profit_sharing: profitSharing },
    detail: detail === undefined ? undefined : jsonObject(detail, v3Names),
    scene_info: isInScene ? sceneOf(payerIp, parameters) : undefined,
  })
}

/** Where it is sold. WeChat Pay wants the payer's address beside it, whether or not the caller names it here again. */
function sceneOf(payerIp: string, { deviceInfo, sceneInfo = {} }: OrderParameters): Record<string, unknown> {
  return omitUndefined({
    payer_client_ip: payerIp,
    device_id: deviceInfo,
    ...(jsonObject(sceneInfo, wireNames) as object),
  })
}

/** Of a web page likewise; it has to say that it is one. */
export function h5Scene(payerIp: string, parameters: OrderParameters = {}): object {
  const { h5_info: h5Info, ...scene } = sceneOf(payerIp, parameters)
  return { ...scene, h5_info: { type: 'Wap', ...(h5Info as object | undefined) } }
}
