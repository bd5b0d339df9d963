import type { Settings } from '../../config/index.js'
import { weixinMerchantSettings } from '../../config/providerSettings.js'
import type { WeixinMerchant } from '../../config/weixinMerchant.js'
import type { HttpReply } from '../../operation/index.js'
import type { ProviderEntry } from '../provider.js'

/** V3 looks at the status alone: a FAIL in the body of a 200 ends the repeats like a SUCCESS. */
const refused: HttpReply = {
  status: 500,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({ code: 'FAIL', message: 'FAIL' }),
}

async function merchants(settings: Settings): Promise<WeixinMerchant[]> {
  const { weixinMerchants } = await import('../../config/weixinMerchant.js')
  return weixinMerchants(settings).filter(({ v3 }) => v3 !== undefined)
}

export const weixinV3Entry: ProviderEntry = {
  settings: weixinMerchantSettings,
  family: 'weixin',
  orderNumber: { pattern: /^[A-Za-z0-9_|*-]{6,32}$/, like: '6 to 32 letters, digits or _ - | *' },
  replies: { accepted: { status: 204, headers: {}, body: '' }, refused },
  isConfigured: async (settings) => (await merchants(settings)).length > 0,
  async open(settings, dependencies, merchantId) {
    const known = await merchants(settings)
    if (known.length === 0) {
      throw settings.missing(settings.get('WEIXIN_MCH_ID') ? 'WEIXIN_PAY_V3_KEY' : 'WEIXIN_MCH_ID')
    }
    const merchant = known.find(({ mchId }) => mchId === (merchantId ?? mchId))
    if (!merchant) return undefined
    const { processCertificates, storedCertificates, weixinV3 } = await import('./index.js')
    const { store, hasStore = store !== undefined } = dependencies
    const certificates =
      store && hasStore ? storedCertificates(store, merchant.mchId) : processCertificates(merchant)
    return weixinV3(merchant, dependencies, certificates)
  },
}
