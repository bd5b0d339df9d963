import { beijingCompact } from '../../clock.js'
import type { OrderParameters } from './orderParameters.js'
import { jsonObject, wireNames } from './spelling.js'

/**
 * What an order says beside its amount and its text, in V2's names: what is nested travels as JSON text.
 * https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_1
 */
export function furtherFields(parameters: OrderParameters): Readonly<Record<string, string>> {
  const { profitSharing, receipt, detail, sceneInfo, timeStart, limitPay } = parameters
  const fields = {
    device_info: parameters.deviceInfo,
    goods_tag: parameters.goodsTag,
    limit_pay: limitPay?.join(),
    receipt: receipt ? 'Y' : undefined,
    profit_sharing: profitSharing === undefined ? undefined : profitSharing ? 'Y' : 'N',
    detail: written(detail),
    // Without a version the goods count as mere text, and coupons for single goods do not apply.
    version: isListOfGoods(detail) ? '1.0' : undefined,
    scene_info: written(sceneInfo),
    product_id: parameters.productId,
    time_start: timeStart === undefined ? undefined : beijingCompact(timeStart),
  }
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined)
  return Object.fromEntries(given)
}

/** A text is what its author wrote for V2. */
const written = (value: string | object | undefined): string | undefined =>
  typeof value === 'object' ? JSON.stringify(wireNames(value)) : value

/** V2 takes a description in plain words as well. */
const isListOfGoods = (detail: OrderParameters['detail']): boolean =>
  typeof detail === 'object' || (detail?.includes('"goods_detail"') ?? false)

/** What V2 wants of a web page: its site. The address that notices go to is the only one that is known here. */
export function h5Scene(notifyUrl: string, given: OrderParameters['sceneInfo'] = {}): string {
  const { origin, host } = new URL(notifyUrl)
  const { h5_info: h5Info, ...scene } = jsonObject(given, wireNames) as { h5_info?: object }
  return JSON.stringify({ h5_info: { type: 'Wap', wap_url: origin, wap_name: host, ...h5Info }, ...scene })
}
