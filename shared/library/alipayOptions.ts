import type { ClientType } from '../payment/fields.js'
import { endpointNames } from './endpoints.js'
import type { CommonOptions } from './instance.js'
import type { OptionNames } from './options.js'
import type { FileOption } from './weixinOptions.js'

export interface AlipayOptions extends CommonOptions {
  appId: string
  /** The application's private key: PEM, or the line of base64 that Alipay's tool gives. */
  privateKey: FileOption
  /** Found out from the key itself; taken because programs give it. */
  keyType?: 'PKCS8' | 'PKCS1'
  /** Alipay's public key, not the application's: without it, or the certificates, nothing can be paid. */
  alipayPublicKey?: FileOption
  /** Certificate mode, in place of `alipayPublicKey`: all three. */
  appCert?: FileOption
  alipayPublicCert?: FileOption
  alipayRootCert?: FileOption
  /** `RSA2` (default) or `RSA`. */
  signType?: 'RSA2' | 'RSA'
  /** The account that is paid; notices about another one are refused. */
  sellerId?: string
  /** Base64 of 16 bytes, for phone numbers. */
  aesKey?: string
  /** Alipay's sandbox, which has applications and keys of its own. */
  sandbox?: boolean
  /** Where payers are, for calls of `getOrderInfo` that do not say so. */
  clientType?: ClientType
}

export const alipayOptionNames: OptionNames = {
  ...endpointNames,
  ALIPAY_APP_ID: 'appId',
  ALIPAY_PRIVATE_KEY: 'privateKey',
  ALIPAY_PUBLIC_KEY: 'alipayPublicKey',
  ALIPAY_APP_CERT: 'appCert',
  ALIPAY_PUBLIC_CERT: 'alipayPublicCert',
  ALIPAY_ROOT_CERT: 'alipayRootCert',
  ALIPAY_SIGN_TYPE: 'signType',
  ALIPAY_SELLER_ID: 'sellerId',
  ALIPAY_AES_KEY: 'aesKey',
}
