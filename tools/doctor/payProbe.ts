import type { WeixinMerchant } from '../../shared/config/weixinMerchant.js'
import { OpenapiError } from '../../shared/errors/index.js'
import { orderQuery } from '../../shared/payment/weixin-v2/query.js'
import { weixinApps } from '../../shared/weixin/app.js'
import type { V2Merchant } from './accounts.js'
import { NoAnswer, NotYet } from './hindrance.js'
import type { World } from './world.js'

/** What came of asking for an order that nobody has: nothing (as it should be), or WeChat Pay's refusal. */
export type V2Outcome = OpenapiError | undefined

/** An order number that is nobody's. */
export const nobodysNumber = ({ random }: World): string => `doctor${random.bytes(12).toString('hex')}`

/**
 * Asks V2, signed with this merchant's key, for an order that does not exist. The answer 'there is none' is signed
 * with the same key, so it proves that both sides have it. Rejects with {@link NoAnswer}.
 */
export const askV2 = (world: World, merchant: V2Merchant, appId: string): Promise<V2Outcome> =>
  world.once(`V2 ${merchant.mchId} ${appId} ${merchant.key}`, async () => {
    try {
      await orderQuery(merchant, world.context(), appId, { outTradeNo: nobodysNumber(world) })
      return undefined
    } catch (error) {
      if (error instanceof NoAnswer || !(error instanceof OpenapiError)) throw error
      return error
    }
  })

/** Whether it is the signature that WeChat Pay refused. It says so unsigned, since it has no key in common with us. */
export const isBadSignature = (refusal: V2Outcome): boolean =>
  refusal?.errCode === 'SIGNERROR' ||
  (refusal?.errCode === 'RETURN_FAIL' && /签名|sign/i.test(refusal.errMsg))

/** Whether V2 takes `key` for this merchant; undefined when there is no application to ask with. */
export async function opensV2(
  world: World,
  merchant: WeixinMerchant,
  key: string,
): Promise<boolean | undefined> {
  const [app] = merchant.apps
  // V2's keys have letters and digits only.
  if (!app || !/^[A-Za-z0-9]{32}$/.test(key)) return undefined
  const refusal = await askV2(world, { ...merchant, key }, app.appId)
  return !isBadSignature(refusal) && refusal?.errCode !== 'UNVERIFIED_ANSWER'
}

/** Whether the V2 key and the APIv3 key stand in each other's place: V2 refuses its own, and takes the other. */
export const areSwapped = (world: World, merchant: WeixinMerchant): Promise<boolean> =>
  world.once(`swapped ${merchant.mchId}`, async () => {
    const { key, v3 } = merchant
    if (key === undefined || v3 === undefined || key === v3.key) return false
    if ((await opensV2(world, merchant, key)) !== false) return false
    return (await opensV2(world, merchant, v3.key)) === true
  })

/** Those of a merchant's keys that are an application's AppSecret, by the settings they stand in. */
export function appSecretsIn({ settings }: World, { key, v3 }: WeixinMerchant) {
  const secrets = weixinApps(settings).map(({ secret }) => secret)
  const places = { WEIXIN_PAY_KEY: key, WEIXIN_PAY_V3_KEY: v3?.key }
  return Object.entries(places).flatMap(([name, text]) =>
    text !== undefined && secrets.includes(text) ? [name] : [],
  )
}

/** Keeps a refusal from being blamed on a key that is right, but elsewhere: that is told once, by the check of keys. */
export async function blamePlaces(world: World, merchant: WeixinMerchant): Promise<void> {
  if (appSecretsIn(world, merchant).length > 0 || (await areSwapped(world, merchant))) {
    throw new NotYet('keys-first')
  }
}
