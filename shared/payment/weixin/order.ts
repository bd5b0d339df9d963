import type { Scene } from '../provider.js'
import type { TimestampAndNonce } from './call.js'

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
