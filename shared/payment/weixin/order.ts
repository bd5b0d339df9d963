import type { WeixinMerchant, WeixinPayApp } from '../../config/weixinMerchant.js'
import { MERCHANT_APP_MISSING, openapiError } from '../../errors/index.js'
import type { Scene } from '../provider.js'
import type { TimestampAndNonce } from './call.js'

/** Which applications can take such a payment, the most suitable kind first. */
const kinds: Readonly<Record<Scene, readonly WeixinPayApp['kind'][]>> = {
  mini: ['mp'],
  app: ['app'],
  native: ['mp', 'h5', 'app'],
  h5: ['h5', 'mp', 'app'],
}

/**
 * The application under which such a payer pays: `wish` if it can take the payment, else the most suitable. Any
 * application where the scene is not known yet. MISSING_SETTING when there is none.
 */
export function appIdFor(
  { mchId, apps }: Pick<WeixinMerchant, 'mchId' | 'apps'>,
  scene?: Scene,
  preferredApp?: string,
): string {
  const wanted = scene && kinds[scene]
  const suitable = wanted ? wanted.flatMap((kind) => apps.filter((app) => app.kind === kind)) : apps
  const chosen = suitable.find(({ appId }) => appId === preferredApp) ?? suitable[0]
  if (chosen) return chosen.appId
  const what = wanted ? `application of kind ${wanted.join(' or ')}` : 'application'
  const setting = scene === 'app' ? 'WEIXIN_OPEN_APP_ID' : 'WEIXIN_APP_ID'
  throw openapiError(MERCHANT_APP_MISSING, { mchId, what, setting })
}

/** What the payer's client is handed, by name. */
export type ClientParameters = Record<string, string>

/** An order that WeChat Pay has made, and what its signed parameters are made of. */
export interface MadeOrder extends TimestampAndNonce {
  appId: string
  mchId: string
  /** The prepay id. */
  prepayId: string
}

/** For `wx.requestPayment`, without the signature over them. `appId` is signed, though only web pages pass it on. */
export const miniProgramFields = ({ appId, prepayId, timestamp, nonceStr }: MadeOrder) => ({
  appId,
  timeStamp: timestamp,
  nonceStr,
  package: `prepay_id=${prepayId}`,
})

/** For the app SDK, whose names are all lower case, without the signature over them. */
export const appFields = ({ appId, mchId, prepayId, timestamp, nonceStr }: MadeOrder) => ({
  appid: appId,
  partnerid: mchId,
  prepayid: prepayId,
  package: 'Sign=WXPay',
  noncestr: nonceStr,
  timestamp,
})

/**
 * What WeChat Pay gave for an order as the payer's client takes it: a prepay id becomes the parameters that `sign`
 * signs, a link is handed on as it is (`codeUrl` to be shown as a code, `mwebUrl` to go to).
 */
export function clientParameters(
  scene: Scene,
  given: string,
  sign: Readonly<Record<'mini' | 'app', (prepayId: string) => ClientParameters>>,
): ClientParameters {
  if (scene === 'native') return { codeUrl: given }
  if (scene === 'h5') return { mwebUrl: given }
  return sign[scene](given)
}
