import type { WeixinMerchant } from '../../config/weixinMerchant.js'
import type { PaymentProvider, ProviderDependencies } from '../provider.js'
import { appIdFor } from '../weixin/apps.js'
import { withKey } from './merchant.js'
import { readNotice } from './notice.js'

/**
 * WeChat Pay V2 for one merchant: XML, signed with the V2 key by MD5 or HMAC-SHA256. What calls WeChat loads when it
 * is needed; a notice, whose sender does not wait long, only needs its reader.
 */
export function weixinV2(given: WeixinMerchant, dependencies: ProviderDependencies): PaymentProvider {
  const merchant = withKey(given)
  const appOf = ({ appId }: { appId?: string | undefined }) => appIdFor(merchant, undefined, appId)
  return {
    id: 'weixin-v2',
    merchantId: merchant.mchId,
    appIdFor: (scene, wish) => appIdFor(merchant, scene, wish),
    getOrderInfo: async (request) =>
      (await import('./order.js')).unifiedOrder(merchant, dependencies, request),
    orderQuery: async (query) =>
      (await import('./query.js')).orderQuery(merchant, dependencies, appOf(query), query),
    closeOrder: async (query) =>
      (await import('./close.js')).closeOrder(merchant, dependencies, appOf(query), query),
    refund: async (request) =>
      (await import('./refund.js')).refund(merchant, dependencies, appOf(request), request),
    listsRefunds: true,
    refundQuery: async (query) =>
      (await import('./refundQuery.js')).refundQuery(merchant, dependencies, appOf(query), query),
    downloadBill: async (request) =>
      (await import('./bill.js')).downloadBill(merchant, dependencies, appOf(request), request),
    downloadFundflow: async (request) =>
      (await import('./bill.js')).downloadFundflow(merchant, dependencies, appOf(request), request),
    readNotice: (call) => readNotice(merchant, call),
    explain: async (call, reason) => (await import('./diagnosis.js')).explainMessage(merchant, call, reason),
  }
}
