import type { Settings } from '../../config/index.js'
import { weixinMerchantSettings } from '../../config/providerSettings.js'
import type { WeixinMerchant } from '../../config/weixinMerchant.js'
import type { HttpReply } from '../../operation/index.js'
import type { ProviderEntry } from '../provider.js'

/** V2 takes anything but this XML for a failure. Written out, since it is made while a callback loads. */
const reply = (returnCode: 'SUCCESS' | 'FAIL', returnMsg: string): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'text/xml; charset=utf-8' },
  body: `<xml><return_code>${returnCode}</return_code><return_msg>${returnMsg}</return_msg></xml>`,
})

async function merchants(settings: Settings): Promise<WeixinMerchant[]> {
  const { weixinMerchants } = await import('../../config/weixinMerchant.js')
  return weixinMerchants(settings).filter(({ key }) => key !== undefined)
}

export const weixinV2Entry: ProviderEntry = {
  settings: weixinMerchantSettings,
  family: 'weixin',
  orderNumber: { pattern: /^[A-Za-z0-9_|*-]{6,32}$/, like: '6 to 32 letters, digits or _ - | *' },
  replies: { accepted: reply('SUCCESS', 'OK'), refused: reply('FAIL', 'FAIL') },
  isConfigured: async (settings) => (await merchants(settings)).length > 0,
  async open(settings, dependencies, merchantId) {
    const known = await merchants(settings)
    if (known.length === 0)
      throw settings.missing(settings.get('WEIXIN_MCH_ID') ? 'WEIXIN_PAY_KEY' : 'WEIXIN_MCH_ID')
    const merchant = known.find(({ mchId }) => mchId === (merchantId ?? mchId))
    if (!merchant) return undefined
    const { weixinV2 } = await import('./index.js')
    return weixinV2(merchant, dependencies)
  },
}
