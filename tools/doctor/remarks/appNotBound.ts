import type { Remarks } from '../finding.js'

/** V2 and V3 say it in their own ways, and it is the same mistake. */
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
