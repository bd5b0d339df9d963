import type { WeixinMerchant } from '../../config/weixinMerchant.js'
import { OpenapiError } from '../../errors/index.js'

/** A merchant whose V2 key is known. */
export type V2Merchant = WeixinMerchant & { key: string }

/** The merchant, if it has a V2 key. MISSING_SETTING. */
export function withKey(merchant: WeixinMerchant): V2Merchant {
  const { key, mchId } = merchant
  if (key !== undefined) return { ...merchant, key }
  throw new OpenapiError({
    errCode: 'MISSING_SETTING',
    errMsg: `merchant ${mchId} has no V2 key: set WEIXIN_PAY_KEY, or "key" in WEIXIN_MERCHANTS`,
    advice: 'fix the settings',
    status: 500,
  })
}
