import type { WeixinMerchant } from '../../config/weixinMerchant.js'
import { OpenapiError } from '../../errors/index.js'
import type { Outside, PaymentProvider, Scene } from '../provider.js'
import type { V2Merchant } from './call.js'
import { readNotice } from './notice.js'
import { sceneOf, unifiedOrder } from './order.js'
import { orderQuery } from './query.js'

/** WeChat Pay V2 for one merchant: XML, signed with the V2 key by MD5 or HMAC-SHA256. */
export function weixinV2(given: WeixinMerchant, outside: Outside): PaymentProvider {
  const merchant = withKey(given)
  return {
    id: 'weixin-v2',
    merchantId: merchant.mchId,
    appIdFor: (scene, wish) => appIdFor(merchant, scene, wish),
    getOrderInfo: (request) => unifiedOrder(merchant, outside, request),
    orderQuery: (query) => orderQuery(merchant, outside, appIdFor(merchant, undefined, query.appId), query),
    readNotice: async (call) => readNotice(merchant, call),
  }
}

function withKey(merchant: WeixinMerchant): V2Merchant {
  const { key } = merchant
  if (key !== undefined) return { ...merchant, key }
  throw incomplete(merchant, 'V2 key', 'WEIXIN_PAY_KEY, or "key" in WEIXIN_MERCHANTS')
}

function appIdFor(merchant: V2Merchant, scene: Scene | undefined, wish: string | undefined): string {
  const kind = scene && sceneOf(scene).kind
  const suitable = merchant.apps.filter((app) => kind === undefined || app.kind === kind)
  const chosen = suitable.find((app) => app.appId === wish) ?? suitable[0]
  if (chosen) return chosen.appId
  const setting = kind === 'app' ? 'WEIXIN_OPEN_APP_ID' : 'WEIXIN_APP_ID'
  const what = kind === undefined ? 'application' : `application of kind ${kind}`
  throw incomplete(merchant, what, `${setting}, or "apps" in WEIXIN_MERCHANTS`)
}

const incomplete = ({ mchId }: WeixinMerchant, what: string, settings: string): OpenapiError =>
  new OpenapiError({
    errCode: 'MISSING_SETTING',
    errMsg: `merchant ${mchId} has no ${what}: set ${settings}`,
    advice: 'fix the settings',
    status: 500,
  })
