import { type CertificateSource, certificateSource } from '../../certificates/source.js'
import type { WeixinMerchant } from '../../config/weixinMerchant.js'
import { openapiError, V3_CREDENTIALS_MISSING } from '../../errors/index.js'
import type { PaymentProvider, ProviderDependencies } from '../provider.js'
import { appIdFor } from '../weixin/order.js'
import type { V3Client } from './client.js'
import { keyRing } from './keys/keyRing.js'
import { readNotice } from './notice.js'
import type { V3Merchant } from './signature.js'

/** What the V3 calls of a merchant need. `source` keeps the platform certificates. MISSING_SETTING. */
export function v3Client(
  given: WeixinMerchant,
  dependencies: ProviderDependencies,
  source: CertificateSource,
): V3Client {
  const merchant = withCredentials(given)
  return { merchant, dependencies, keys: keyRing(merchant, source, dependencies) }
}

/**
 * WeChat Pay V3 for one merchant: JSON, signed by RSA, verified by platform certificate or WeChat Pay public key. What
 * calls WeChat loads when it is needed; a notice, whose sender does not wait long, only needs its reader.
 * `source`: the store where there is one, else this process. MISSING_SETTING.
 */
export function weixinV3(
  given: WeixinMerchant,
  dependencies: ProviderDependencies,
  source = certificateSource(dependencies, 'weixin-v3', given.mchId, given.baseUrl),
): PaymentProvider {
  const client = v3Client(given, dependencies, source)
  const { merchant, keys } = client
  return {
    id: 'weixin-v3',
    merchantId: merchant.mchId,
    appIdFor: (scene, preferredApp) => appIdFor(merchant, scene, preferredApp),
    loginScenes: ['mini'],
    getOrderInfo: async (request) => (await import('./order.js')).makeOrder(client, request),
    orderQuery: async (query) => (await import('./order.js')).orderQuery(client, query),
    closeOrder: async (query) => (await import('./order.js')).closeOrder(client, query),
    refund: async (request) => (await import('./refund.js')).refund(client, request),
    refundQuery: async (query) => (await import('./refund.js')).refundQuery(client, query),
    downloadBill: async (request) => (await import('./bill.js')).downloadBill(client, request),
    fetchBill: async (request) => (await import('./bill.js')).fetchBill(client, request),
    downloadFundflow: async (request) => (await import('./bill.js')).downloadFundflow(client, request),
    encryptSensitive: async (values) =>
      (await import('./keys/sensitive.js')).encryptSensitive(client, values),
    decryptSensitive: async (values) =>
      (await import('./keys/sensitive.js')).decryptSensitive(client, values),
    readNotice: (call, at = dependencies.clock.now()) => readNotice(merchant, keys.find, at, call),
    async explain(call, reason, now = dependencies.clock.now()) {
      const { explainNotice } = await import('./diagnosis.js')
      return explainNotice({ merchant, known: await keys.known(), now }, call, reason)
    },
  }
}

function withCredentials(merchant: WeixinMerchant): V3Merchant {
  const { v3 } = merchant
  if (v3 !== undefined) return { ...merchant, v3 }
  throw openapiError(V3_CREDENTIALS_MISSING, { mchId: merchant.mchId })
}
