import type { SettingName, Settings } from '../../config/index.js'
import { weixinMerchantSettings } from '../../config/providerSettings.js'
import type { WeixinMerchant } from '../../config/weixinMerchant.js'
import type { NoticeReplies, PaymentProvider, ProviderDependencies, ProviderEntry } from '../provider.js'

/** In what the entries of V2 and V3 differ. */
interface WeixinSystem {
  replies: NoticeReplies
  /** Whether a merchant has this system's credentials. */
  serves(merchant: WeixinMerchant): boolean
  /** The setting that is missing where no merchant has them. */
  setting: SettingName
  /** Loads the provider's code. */
  open(merchant: WeixinMerchant, dependencies: ProviderDependencies): Promise<PaymentProvider>
}

/** The entry of one of WeChat Pay's systems: both read the same settings and take the same order numbers. */
export function weixinEntry({ serves, setting, open, ...system }: WeixinSystem): ProviderEntry {
  async function merchants(settings: Settings): Promise<WeixinMerchant[]> {
    const { weixinMerchants } = await import('../../config/weixinMerchant.js')
    return weixinMerchants(settings).filter(serves)
  }
  return {
    settings: weixinMerchantSettings,
    family: 'weixin',
    ...system,
    isConfigured: async (settings) => (await merchants(settings)).length > 0,
    merchantIds: async (settings) => (await merchants(settings)).map(({ mchId }) => mchId),
    async open(settings, dependencies, merchantId) {
      const known = await merchants(settings)
      if (known.length === 0)
        throw settings.missing(settings.get('WEIXIN_MCH_ID') ? setting : 'WEIXIN_MCH_ID')
      const merchant = known.find(({ mchId }) => mchId === (merchantId ?? mchId))
      return merchant && open(merchant, dependencies)
    },
  }
}
