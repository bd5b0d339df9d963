import type { ClientType } from '../payment/fields.js'
import { endpointNames } from './endpoints.js'
import type { CommonOptions } from './instance.js'
import type { OptionNames } from './options.js'

/** Bytes, or the same as PEM, as base64 or as the path of a file. */
export type FileOption = string | Uint8Array

export interface WeixinOptions extends CommonOptions {
  appId: string
  /** Needed unless every call brings an `accessToken`. */
  secret?: string
  /** Used as it is by all calls that name none of their own; nothing is fetched or refreshed then. */
  accessToken?: string
  /** How tokens are fetched here: `stable` (default) lets other systems do the same, `plain` makes theirs invalid. */
  tokenMode?: 'stable' | 'plain'
  /** WeChat's signed and encrypted server API, off without this. */
  apiSecurity?: {
    symmetricKey: string
    symmetricKeySn: string
    privateKey: string
    cert: string
    certSn: string
  }
  /** The merchant, for `payment`. */
  mchId?: string
  /** The API key of WeChat Pay V2. */
  key?: string
  /** V2: `MD5` (default) or `HMAC-SHA256`. */
  signType?: 'MD5' | 'HMAC-SHA256'
  /** V2: `apiclient_cert.p12`, for refunds and fund-flow bills; or the two PEM files below. */
  pfx?: FileOption
  cert?: FileOption
  certKey?: FileOption
  /** V2's sandbox, which has no mini programs. */
  sandbox?: boolean
  /** The API key of WeChat Pay V3. With this and the next two, V3 is used. */
  v3Key?: string
  /** V3: the serial number of the merchant's API certificate. */
  serialNo?: string
  /** V3: `apiclient_key.pem`. */
  privateKey?: FileOption
  /** V3: WeChat Pay's public key and its id; without them platform certificates are fetched. */
  publicKeyId?: string
  publicKey?: FileOption
  /** Which of the two to use where both are set up; V3 unless said otherwise. */
  paymentProvider?: 'weixin-v2' | 'weixin-v3'
  /** Where payers are, for calls of `getOrderInfo` that do not say so. */
  clientType?: ClientType
}

/** One application, whatever its kind: who may pay under it is decided by where it runs. */
export const weixinOptionNames: OptionNames = {
  ...endpointNames,
  WEIXIN_APP_ID: 'appId',
  WEIXIN_OPEN_APP_ID: 'appId',
  WEIXIN_H5_APP_ID: 'appId',
  WEIXIN_APP_SECRET: 'secret',
  WEIXIN_TOKEN_MODE: 'tokenMode',
  WEIXIN_API_SYMMETRIC_KEY: 'apiSecurity.symmetricKey',
  WEIXIN_API_SYMMETRIC_KEY_SN: 'apiSecurity.symmetricKeySn',
  WEIXIN_API_PRIVATE_KEY: 'apiSecurity.privateKey',
  WEIXIN_API_CERT: 'apiSecurity.cert',
  WEIXIN_API_CERT_SN: 'apiSecurity.certSn',
  WEIXIN_MCH_ID: 'mchId',
  WEIXIN_PAY_KEY: 'key',
  WEIXIN_PAY_SIGN_TYPE: 'signType',
  WEIXIN_PAY_PFX: 'pfx',
  WEIXIN_PAY_CERT: 'cert',
  WEIXIN_PAY_CERT_KEY: 'certKey',
  WEIXIN_PAY_V3_KEY: 'v3Key',
  WEIXIN_PAY_SERIAL_NO: 'serialNo',
  WEIXIN_PAY_PRIVATE_KEY: 'privateKey',
  WEIXIN_PAY_PUBLIC_KEY_ID: 'publicKeyId',
  WEIXIN_PAY_PUBLIC_KEY: 'publicKey',
  PAYMENT_PROVIDER: 'paymentProvider',
}
