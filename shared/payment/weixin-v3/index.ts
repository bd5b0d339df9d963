import type { WeixinMerchant } from '../../config/weixinMerchant.js'
import { OpenapiError } from '../../errors/index.js'
import type { PaymentProvider, ProviderDependencies } from '../provider.js'
import { appIdFor } from '../weixin/apps.js'
import { downloadBill, downloadFundflow } from './bill.js'
import type { Line } from './call.js'
import type { CertificateSource } from './certificateSource.js'
import { keyRing } from './keyRing.js'
import type { V3Merchant } from './merchant.js'
import { readNotice } from './notice.js'
import { makeOrder } from './order.js'
import { closeOrder, orderQuery } from './query.js'
import { refund, refundQuery } from './refund.js'

export { callV3, type Line } from './call.js'
export {
  type CertificateSource,
  processCertificates,
  rememberedCertificates,
  storedCertificates,
} from './certificateSource.js'
export type { V3Merchant } from './merchant.js'

/** What the V3 calls of a merchant stand on. `certificates` keeps the platform certificates. MISSING_SETTING. */
export function weixinV3Line(
  given: WeixinMerchant,
  dependencies: ProviderDependencies,
  certificates: CertificateSource,
): Line {
  const merchant = withCredentials(given)
  return { merchant, dependencies, keys: keyRing(merchant, certificates, dependencies) }
}

/** WeChat Pay V3 for one merchant: JSON, signed by RSA, verified by platform certificate or WeChat Pay public key. */
export function weixinV3(
  given: WeixinMerchant,
  dependencies: ProviderDependencies,
  certificates: CertificateSource,
): PaymentProvider {
  const line = weixinV3Line(given, dependencies, certificates)
  const { merchant, keys } = line
  return {
    id: 'weixin-v3',
    merchantId: merchant.mchId,
    appIdFor: (scene, wish) => appIdFor(merchant, scene, wish),
    getOrderInfo: (request) => makeOrder(line, request),
    orderQuery: (query) => orderQuery(line, query),
    closeOrder: (query) => closeOrder(line, query),
    refund: (request) => refund(line, request),
    refundQuery: (query) => refundQuery(line, query),
    downloadBill: (request) => downloadBill(line, request),
    downloadFundflow: (request) => downloadFundflow(line, request),
    encryptSensitive: async (values) => (await import('./sensitive.js')).encryptSensitive(line, values),
    decryptSensitive: async (values) => (await import('./sensitive.js')).decryptSensitive(line, values),
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
  throw new OpenapiError({
    errCode: 'MISSING_SETTING',
    errMsg: `merchant ${merchant.mchId} has no V3 credentials: set WEIXIN_PAY_V3_KEY, WEIXIN_PAY_SERIAL_NO and WEIXIN_PAY_PRIVATE_KEY, or "v3" in WEIXIN_MERCHANTS`,
    advice: 'fix the settings',
    status: 500,
  })
}
