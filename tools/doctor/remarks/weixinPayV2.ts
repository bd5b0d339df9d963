import type { Remarks } from '../finding.js'
import { appNotBound } from './appNotBound.js'
import { meddledWith } from './meddledWith.js'

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
    ...meddledWith,
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
