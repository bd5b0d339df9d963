import type { SettingName } from './names.js'

/**
 * In which settings the payment systems' accounts are described. Apart from the reading of them: every function
 * declares what it may read when it loads, and only few of them read all of it.
 */

/** WeChat Pay merchants, V2 and V3. */
export const weixinMerchantSettings: readonly SettingName[] = [
  'WEIXIN_APP_ID',
  'WEIXIN_OPEN_APP_ID',
  'WEIXIN_H5_APP_ID',
  'WEIXIN_MCH_ID',
  'WEIXIN_PAY_KEY',
  'WEIXIN_PAY_SIGN_TYPE',
  'WEIXIN_PAY_V3_KEY',
  'WEIXIN_PAY_SERIAL_NO',
  'WEIXIN_PAY_PRIVATE_KEY',
  'WEIXIN_PAY_PUBLIC_KEY_ID',
  'WEIXIN_PAY_PUBLIC_KEY',
  'WEIXIN_MERCHANTS',
  'WEIXIN_PAY_BASE_URL',
  'WEIXIN_PAY_CA',
]

/** The client certificate for V2's refunds and fund-flow bills: only what makes those reads it. */
export const weixinCertificateSettings: readonly SettingName[] = [
  'WEIXIN_PAY_PFX',
  'WEIXIN_PAY_CERT',
  'WEIXIN_PAY_CERT_KEY',
]

/** Alipay applications. */
export const alipayAppSettings: readonly SettingName[] = [
  'ALIPAY_APP_ID',
  'ALIPAY_PRIVATE_KEY',
  'ALIPAY_PUBLIC_KEY',
  'ALIPAY_APP_CERT',
  'ALIPAY_PUBLIC_CERT',
  'ALIPAY_ROOT_CERT',
  'ALIPAY_SELLER_ID',
  'ALIPAY_AES_KEY',
  'ALIPAY_SIGN_TYPE',
  'ALIPAY_APPS',
  'ALIPAY_GATEWAY_URL',
]
