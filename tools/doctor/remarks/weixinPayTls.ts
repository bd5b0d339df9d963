import type { Remarks } from '../finding.js'

export const weixinPayTlsRemarks = {
  accepted: {
    level: 'ok',
    what: {
      en: 'the server of WeChat Pay accepts the client certificate of {merchant}',
      zh: '微信支付服务器接受商户 {merchant} 的 API 证书',
    },
  },
  refused: {
    level: 'error',
    what: {
      en: 'the server of WeChat Pay refuses the client certificate of {merchant}',
      zh: '微信支付服务器拒绝商户 {merchant} 的 API 证书',
    },
    why: { en: 'V2 refunds and fund-flow bills fail.', zh: 'V2 退款和资金账单会失败。' },
    mend: {
      en: 'It was revoked, or replaced: download the current one from the merchant console.',
      zh: '证书可能已被吊销或更换：请从商户平台下载当前证书。',
    },
  },
} as const satisfies Remarks
