import { seededHex } from './certificates/index.js'

export interface LocalApp {
  /** The mini program. */
  appId: string
  secret: string
  /** The mobile app of the same owner. */
  openAppId: string
  /** The official account of the same owner. */
  h5AppId: string
  h5Secret: string
  /** The pages of the released version; absent: every page exists. */
  pages?: readonly string[]
}

export interface LocalMerchant {
  mchId: string
  /** The API key of V2: 32 letters and digits. */
  key: string
  /** The APIv3 key: 32 letters and digits. */
  v3Key: string
}

export const localApp: LocalApp = {
  appId: `wx${seededHex('mini program', 16)}`,
  secret: seededHex('mini program secret', 32),
  openAppId: `wx${seededHex('mobile app', 16)}`,
  h5AppId: `wx${seededHex('official account', 16)}`,
  h5Secret: seededHex('official account secret', 32),
}

export const localMerchant: LocalMerchant = {
  mchId: '1900000109',
  key: seededHex('merchant key', 32),
  v3Key: seededHex('api v3 key', 32),
}
