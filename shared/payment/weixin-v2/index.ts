import type { WeixinMerchant } from '../../config/weixinMerchant.js'
import { openapiError, V2_KEY_MISSING } from '../../errors/index.js'
import type { PaymentProvider, ProviderDependencies } from '../provider.js'
import { appIdFor } from '../weixin/order.js'
import type { V2Client } from './client.js'
import { readNotice } from './notice.js'
import type { V2Merchant } from './signature.js'

/**
 * WeChat Pay V2 for one merchant: XML, signed with the V2 key by MD5 or HMAC-SHA256. What calls WeChat loads when it
 * is needed; a notice, whose sender does not wait long, only needs its reader. MISSING_SETTING.
 */
export function weixinV2(given: WeixinMerchant, dependencies: ProviderDependencies): PaymentProvider {
  const client: V2Client = { merchant: withKey(given), dependencies }
  const { merchant } = client
  return {
    id: 'weixin-v2',
    merchantId: merchant.mchId,
    appIdFor: (scene, preferredApp) => appIdFor(merchant, scene, preferredApp),
    loginScenes: ['mini'],
    getOrderInfo: async (request) => (await import('./order.js')).makeOrder(client, request),
    orderQuery: async (query) => (await import('./order.js')).orderQuery(client, query),
    closeOrder: async (query) => (await import('./order.js')).closeOrder(client, query),
    refund: async (request) => (await import('./refund.js')).refund(client, request),
    listsRefunds: true,
    refundQuery: async (query) => (await import('./refund.js')).refundQuery(client, query),
    downloadBill: async (request) => (await import('./bill.js')).downloadBill(client, request),
    fetchBill: async (request) => (await import('./bill.js')).fetchBill(client, request),
    downloadFundflow: async (request) => (await import('./bill.js')).downloadFundflow(client, request),
    readNotice: (call) => readNotice(merchant, call),
    explain: async (call, reason) => (await import('./diagnosis.js')).explainMessage(merchant, call, reason),
  }
}

function withKey(merchant: WeixinMerchant): V2Merchant {
  const { key, mchId } = merchant
  if (key !== undefined) return { ...merchant, key }
  throw openapiError(V2_KEY_MISSING, { mchId })
}
