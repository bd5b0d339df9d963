import type { OpenapiError } from '../../../../shared/errors/index.js'
import type { V2Merchant } from '../../../../shared/payment/weixin-v2/signature.js'
import { v2MerchantsOf } from '../../accounts.js'
import { check, each } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { errorText } from '../../skipped.js'
import {
  alteredAnswer,
  appNotBound,
  isBadSignature,
  queryUnknownOrder,
  skipIfKeysAreMixedUp,
} from './probe.js'

const nothingWorks = {
  en: 'Every V2 request is refused, and no V2 notice can be verified.',
  zh: '所有 V2 请求都会被拒绝，V2 通知也无法验签。',
}

export const weixinPayV2Remarks = {
  'key-right': {
    level: 'ok',
    what: {
      en: 'WeChat Pay takes the V2 key of {merchant}, and {app} is its application',
      zh: '微信支付接受商户 {merchant} 的 V2 密钥，且 {app} 已与其绑定',
    },
  },
  'key-wrong': {
    level: 'error',
    what: { en: 'the V2 key of {merchant} is wrong: {said}', zh: '商户 {merchant} 的 V2 密钥错误：{said}' },
    why: nothingWorks,
    mend: {
      en: 'WeChat shows no key twice: set a new API key (V2) in the merchant console under API security, and put it into WEIXIN_PAY_KEY. Others that use it have to change at the same moment.',
      zh: '后台不会再次显示密钥：请在商户平台“API安全”重新设置 APIv2 密钥并写入 WEIXIN_PAY_KEY，其他使用该密钥的系统需同时更换。',
    },
  },
  'merchant-unknown': {
    level: 'error',
    what: {
      en: 'WeChat Pay knows no merchant {merchant}: {said}',
      zh: '微信支付没有商户号 {merchant}：{said}',
    },
    why: nothingWorks,
    mend: {
      en: 'Copy WEIXIN_MCH_ID from the merchant console. It is neither the AppID nor the number of a service provider.',
      zh: '请从商户平台复制 WEIXIN_MCH_ID，它既不是 AppID 也不是服务商号。',
    },
  },
  'app-unknown': {
    level: 'error',
    what: {
      en: 'WeChat Pay knows no application {app} ({merchant})',
      zh: '微信支付没有 AppID {app}（商户 {merchant}）',
    },
    why: { en: 'Nobody can pay in this application.', zh: '用户无法在该应用中支付。' },
    mend: {
      en: 'Correct the application id, or take it out of the applications of this merchant.',
      zh: '请修正 AppID，或从该商户的应用列表中删除。',
    },
  },
  'app-not-bound': appNotBound,
  'no-permission': {
    level: 'warn',
    what: {
      en: 'the merchant {merchant} may not use the V2 API: {said}',
      zh: '商户 {merchant} 没有 V2 接口权限：{said}',
    },
    why: { en: 'Payments over V2 will be refused.', zh: '通过 V2 发起的支付会被拒绝。' },
    mend: {
      en: 'Open the product in the merchant console, or use V3 (PAYMENT_PROVIDER=weixin-v3).',
      zh: '请在商户平台开通产品，或改用 V3（PAYMENT_PROVIDER=weixin-v3）。',
    },
  },
  'address-refused': {
    level: 'error',
    what: {
      en: 'WeChat Pay does not serve this address for the merchant {merchant}: {said}',
      zh: '微信支付不允许此出口 IP 为商户 {merchant} 调用：{said}',
    },
    why: { en: 'Every request from here is refused.', zh: '来自此处的请求都会被拒绝。' },
    mend: {
      en: 'Add the egress address of the functions in the merchant console under API security, or lift the restriction.',
      zh: '请在商户平台“API安全”中加入云函数的出口 IP，或取消限制。',
    },
  },
  refused: {
    level: 'error',
    what: {
      en: 'WeChat Pay refuses {merchant} with {app}: {said}',
      zh: '微信支付拒绝商户 {merchant}（{app}）：{said}',
    },
    why: { en: 'Payments will most likely be refused as well.', zh: '支付很可能同样会被拒绝。' },
    mend: { en: 'The text above is WeChat Pay’s own.', zh: '以上为微信支付返回的原文，请据此处理。' },
  },
  'not-authentic': {
    level: 'warn',
    what: {
      en: 'something answered for WeChat Pay, and its answer is not signed with the key of {merchant}',
      zh: '有程序代替微信支付作答，其签名与商户 {merchant} 的密钥不符',
    },
    ...alteredAnswer,
  },
  'no-app': {
    level: 'warn',
    what: { en: 'the merchant {merchant} has no application', zh: '商户 {merchant} 没有配置任何应用' },
    why: {
      en: 'Every payment belongs to one, so nobody can pay.',
      zh: '支付必须归属于某个应用，因此无人能够支付。',
    },
    mend: {
      en: 'Set WEIXIN_APP_ID, or "apps" of this merchant in WEIXIN_MERCHANTS.',
      zh: '请配置 WEIXIN_APP_ID，或 WEIXIN_MERCHANTS 中该商户的 "apps"。',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof weixinPayV2Remarks

export const weixinPayV2 = check({
  id: 'weixinPay.v2',
  title: {
    en: 'WeChat Pay V2 takes our key, and the application is bound',
    zh: '微信支付 V2 密钥正确且应用已绑定',
  },
  network: true,
  remarks: weixinPayV2Remarks,
  run: (doctor, say) =>
    each(doctor, v2MerchantsOf(doctor), async (merchant) => {
      if (merchant.apps.length === 0) return [say('no-app', { merchant: merchant.mchId })]
      const found = await each(doctor, merchant.apps, async ({ appId }) => [
        await verdict(doctor, merchant, appId, say),
      ])
      // The key is the merchant's: one finding about it is enough, however many applications there are.
      return found.filter(({ code }, i) => !PER_MERCHANT.has(code) || i === firstOf(found, code))
    }),
})

const PER_MERCHANT: ReadonlySet<string> = new Set([
  'key-wrong',
  'merchant-unknown',
  'keys-first',
  'address-refused',
])

const firstOf = (found: readonly Finding[], code: string): number =>
  found.findIndex((finding) => finding.code === code)

async function verdict(
  doctor: Doctor,
  merchant: V2Merchant,
  appId: string,
  say: Say<Code>,
): Promise<Finding> {
  const refusal = await queryUnknownOrder(doctor, merchant, appId)
  const about = { merchant: merchant.mchId, app: appId }
  if (!refusal) return say('key-right', about)
  if (isBadSignature(refusal)) await skipIfKeysAreMixedUp(doctor, merchant)
  return say(codeOf(refusal), { ...about, said: errorText(refusal) })
}

const codes: Readonly<Record<string, Code>> = {
  MCHID_NOT_EXIST: 'merchant-unknown',
  APPID_NOT_EXIST: 'app-unknown',
  APPID_MCHID_NOT_MATCH: 'app-not-bound',
  NOAUTH: 'no-permission',
  NO_AUTH: 'no-permission',
  UNVERIFIED_ANSWER: 'not-authentic',
}

/** Refusals that come before WeChat Pay knows the merchant have a text and no code. */
const texts: readonly (readonly [RegExp, Code])[] = [
  [/IP.{0,8}(不允许|无权限)|不允许.{0,8}IP/i, 'address-refused'],
  [/不匹配|not match/i, 'app-not-bound'],
  [/appid.{0,6}(不存在|有误|错误)/i, 'app-unknown'],
  [/mch_?id.{0,16}(不存在|有误|错误)/i, 'merchant-unknown'],
]

function codeOf(refusal: OpenapiError): Code {
  if (isBadSignature(refusal)) return 'key-wrong'
  const byText = texts.find(([text]) => text.test(refusal.errMsg))?.[1]
  return codes[refusal.errCode] ?? byText ?? 'refused'
}
