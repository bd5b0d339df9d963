import * as source from '../../certificates/source.js'
import type { WeixinMerchant } from '../../config/weixinMerchant.js'
import type { Store } from '../../store/port.js'

export { type CertificateSource, rememberedCertificates } from '../../certificates/source.js'

export const PROVIDER = 'weixin-v3'

/** The platform certificates of one merchant, in the store. */
export const storedCertificates = (
  open: () => Promise<Store>,
  merchantId: string,
): source.CertificateSource => source.storedCertificates(open, PROVIDER, merchantId)

/** Those of this process, where there is no store. */
export const processCertificates = ({
  baseUrl,
  mchId,
}: Pick<WeixinMerchant, 'baseUrl' | 'mchId'>): source.CertificateSource =>
  source.processCertificates(PROVIDER, mchId, baseUrl)
