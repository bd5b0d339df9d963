import type { WeixinMerchant } from '../../../../shared/config/weixinMerchant.js'
import { OpenapiError } from '../../../../shared/errors/index.js'
import { orderQuery } from '../../../../shared/payment/weixin-v2/order.js'
import type { V2Merchant } from '../../../../shared/payment/weixin-v2/signature.js'
import { weixinApps } from '../../../../shared/weixin/app.js'
import type { Doctor } from '../../doctor.js'
import type { Remarks } from '../../finding.js'
import { NoAnswer, NotYet } from '../../skipped.js'

/** The same mistake, which V2 and V3 report with codes of their own. */
export const appNotBound = {
  level: 'error',
  what: {
    en: 'the application {app} is not bound to the merchant {merchant}',
    zh: '应用 {app} 没有与商户 {merchant} 绑定',
  },
  why: { en: 'Nobody can pay in this application.', zh: '用户无法在该应用中支付。' },
  mend: {
    en: 'Bind it in the merchant console (Products > AppID accounts), and agree to it in the console of the application.',
    zh: '请在商户平台“产品中心 > AppID账号管理”关联，并在该应用后台确认授权。',
  },
} as const satisfies Remarks[string]

/** Why it matters that an answer is not WeChat Pay's, and what to do: the same for both versions. */
export const alteredAnswer = {
  why: {
    en: 'A proxy or a page in between has its hand in the traffic. Functions refuse such answers.',
    zh: '中间的代理或网页可能在改写流量。云函数会拒绝这样的应答。',
  },
  mend: {
    en: 'Run the doctor from another network, and look at proxies between here and WeChat Pay.',
    zh: '请换一个网络运行，并检查到微信支付之间的代理。',
  },
} as const

/** What came of asking for an order that does not exist: nothing (as it should be), or WeChat Pay's refusal. */
export type V2Outcome = OpenapiError | undefined

/** An order number that does not exist. */
export const unknownOrderNumber = ({ random }: Doctor): string => `doctor${random.bytes(12).toString('hex')}`

/**
 * Asks V2, signed with this merchant's key, for an order that does not exist. The answer 'there is none' is signed
 * with the same key, so it proves that both sides have it. Rejects with {@link NoAnswer}.
 */
export const queryUnknownOrder = (doctor: Doctor, merchant: V2Merchant, appId: string): Promise<V2Outcome> =>
  doctor.once(`V2 ${merchant.mchId} ${appId} ${merchant.key}`, async () => {
    try {
      await orderQuery(
        { merchant, dependencies: doctor.operationContext() },
        { appId, outTradeNo: unknownOrderNumber(doctor) },
      )
      return undefined
    } catch (error) {
      if (error instanceof NoAnswer || !(error instanceof OpenapiError)) throw error
      return error
    }
  })

/** Whether it is the signature that WeChat Pay refused. That answer carries no signature, since no key is shared. */
export const isBadSignature = (refusal: V2Outcome): boolean =>
  refusal?.errCode === 'SIGNERROR' ||
  (refusal?.errCode === 'RETURN_FAIL' && /签名|sign/i.test(refusal.errMsg))

/** Whether V2 takes `key` for this merchant; undefined when there is no application to ask with. */
export async function acceptsV2Key(
  doctor: Doctor,
  merchant: WeixinMerchant,
  key: string,
): Promise<boolean | undefined> {
  const [app] = merchant.apps
  // V2's keys have letters and digits only.
  if (!app || !/^[A-Za-z0-9]{32}$/.test(key)) return undefined
  const refusal = await queryUnknownOrder(doctor, { ...merchant, key }, app.appId)
  return !isBadSignature(refusal) && refusal?.errCode !== 'UNVERIFIED_ANSWER'
}

/** Whether the V2 key and the APIv3 key stand in each other's place: V2 refuses its own, and takes the other. */
export const areSwapped = (doctor: Doctor, merchant: WeixinMerchant): Promise<boolean> =>
  doctor.once(`swapped ${merchant.mchId}`, async () => {
    const { key, v3 } = merchant
    if (key === undefined || v3 === undefined || key === v3.key) return false
    if ((await acceptsV2Key(doctor, merchant, key)) !== false) return false
    return (await acceptsV2Key(doctor, merchant, v3.key)) === true
  })

/** Those of a merchant's keys that are an application's AppSecret, by the settings they stand in. */
export function appSecretsIn({ settings }: Doctor, { key, v3 }: WeixinMerchant) {
  const secrets = weixinApps(settings).map(({ secret }) => secret)
  const places = { WEIXIN_PAY_KEY: key, WEIXIN_PAY_V3_KEY: v3?.key }
  return Object.entries(places).flatMap(([name, text]) =>
    text !== undefined && secrets.includes(text) ? [name] : [],
  )
}

/** Throws {@link NotYet} when keys stand in each other's place, which the check of keys reports. */
export async function skipIfKeysAreMixedUp(doctor: Doctor, merchant: WeixinMerchant): Promise<void> {
  if (appSecretsIn(doctor, merchant).length > 0 || (await areSwapped(doctor, merchant))) {
    throw new NotYet('keys-first')
  }
}
