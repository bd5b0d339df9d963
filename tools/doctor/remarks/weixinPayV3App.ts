import type { Remarks } from '../finding.js'
import { appNotBound } from './appNotBound.js'

export const weixinPayV3AppRemarks = {
  bound: {
    level: 'ok',
    what: { en: '{app} is bound to the merchant {merchant}', zh: '应用 {app} 已与商户 {merchant} 绑定' },
  },
  'not-bound': appNotBound,
  'no-permission': {
    level: 'warn',
    what: {
      en: 'the merchant {merchant} may not take payments in mini programs or official accounts: {said}',
      zh: '商户 {merchant} 没有小程序/公众号支付权限：{said}',
    },
    why: { en: 'Payments in {app} will be refused.', zh: '应用 {app} 中的支付会被拒绝。' },
    mend: {
      en: 'Open JSAPI payment in the merchant console under Products.',
      zh: '请在商户平台“产品中心”开通 JSAPI 支付。',
    },
  },
  'not-told': {
    level: 'skipped',
    what: {
      en: 'WeChat Pay does not tell whether {app} is bound to {merchant}: {said}',
      zh: '微信支付没有说明 {app} 是否与商户 {merchant} 绑定：{said}',
    },
  },
} as const satisfies Remarks
