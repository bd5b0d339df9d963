import type { ErrorEntry } from '../entry.js'

/** The table of errors: keys, certificates and refusals of WeChat Pay alone. */

export const RETURN_FAIL = {
  errCode: 'RETURN_FAIL',
  en: 'WeChat Pay refused the request itself and said: {text}',
  docs: {
    en: 'WeChat Pay V2 refused the request as a whole; `errMsg` has its words',
    zh: '微信支付 V2 拒绝了整个请求，`errMsg` 为其原文',
  },
  advice: 'fix the settings',
  status: 502,
} as const satisfies ErrorEntry

/** WeChat Pay refuses a signature it cannot verify in this way more often than by its SIGNERROR. */
export const SIGNATURE_RETURN_FAIL = {
  errCode: 'RETURN_FAIL',
  en: 'WeChat Pay refused the request itself and said: {text}; check WEIXIN_PAY_KEY and WEIXIN_PAY_SIGN_TYPE',
  advice: 'fix the settings',
  status: 502,
} as const satisfies ErrorEntry

export const NO_SANDBOX_KEY = {
  errCode: 'RETURN_FAIL',
  en: 'WeChat Pay gave no key for its sandbox and said: {text}',
  advice: 'fix the settings',
  status: 502,
} as const satisfies ErrorEntry

export const NO_PLATFORM_KEY = {
  errCode: 'NO_PLATFORM_KEY',
  en: 'there is no key to verify WeChat Pay with: set WEIXIN_PAY_PUBLIC_KEY_ID and WEIXIN_PAY_PUBLIC_KEY, which new merchants download from the console, or run certificateRefresh; a failed download is repeated after a minute',
  docs: {
    en: 'there is no key to verify WeChat Pay with; set the WeChat Pay public key, or run certificateRefresh',
    zh: '没有可验证微信支付的密钥，请配置微信支付公钥，或运行 certificateRefresh',
  },
  advice: 'fix the settings',
  status: 502,
} as const satisfies ErrorEntry

export const CERTIFICATE_REFUSED = {
  errCode: 'CERTIFICATE_REFUSED',
  en: 'a platform certificate of WeChat Pay {why}',
  docs: { en: 'a platform certificate of WeChat Pay is not to be trusted', zh: '微信支付平台证书不可信' },
  advice: 'fix the settings',
  status: 502,
} as const satisfies ErrorEntry

export const V2_KEY_MISSING = {
  errCode: 'MISSING_SETTING',
  en: 'merchant {mchId} has no V2 key: set WEIXIN_PAY_KEY, or "key" in WEIXIN_MERCHANTS',
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry

export const V2_CERTIFICATE_MISSING = {
  errCode: 'MISSING_SETTING',
  en: 'merchant {mchId} has no client certificate, which WeChat Pay V2 wants to see for this: set {settings}, or its like in WEIXIN_MERCHANTS',
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry

export const V3_CREDENTIALS_MISSING = {
  errCode: 'MISSING_SETTING',
  en: 'merchant {mchId} has no V3 credentials: set WEIXIN_PAY_V3_KEY, WEIXIN_PAY_SERIAL_NO and WEIXIN_PAY_PRIVATE_KEY, or "v3" in WEIXIN_MERCHANTS',
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry
