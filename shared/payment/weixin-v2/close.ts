import { invalidParam, OpenapiError } from '../../errors/index.js'
import type { ClosedFacts, OrderQuery, ProviderDependencies } from '../provider.js'
import { callV2 } from './call.js'
import type { V2Merchant } from './merchant.js'

/**
 * Closes an unpaid order; one that is closed already is closed. WeChat refuses it in the first five minutes.
 * https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_3
 */
export async function closeOrder(
  merchant: V2Merchant,
  dependencies: ProviderDependencies,
  appid: string,
  { outTradeNo }: OrderQuery,
): Promise<ClosedFacts> {
  if (outTradeNo === undefined) throw invalidParam('outTradeNo', 'required, WeChat Pay closes by it alone')
  try {
    await callV2(merchant, dependencies, '/pay/closeorder', { appid, out_trade_no: outTradeNo })
  } catch (error) {
    if (!(error instanceof OpenapiError && error.errCode === 'ORDERCLOSED')) throw error
  }
  return { appId: appid, mchId: merchant.mchId, outTradeNo }
}
