import { type AlipayApp, alipayApps } from '../../shared/config/alipayApp.js'
import type { WeixinV3Credentials } from '../../shared/config/weixinMerchant.js'
import { type WeixinMerchant, weixinMerchants } from '../../shared/config/weixinMerchant.js'
import type { Doctor } from './doctor.js'

export type V2Merchant = WeixinMerchant & { key: string }
export type V3Merchant = WeixinMerchant & { v3: WeixinV3Credentials }

/** All of them reject with MISSING_SETTING or INVALID_SETTING, which is the finding of the settings check. */
export const merchantsOf = ({ settings }: Doctor): WeixinMerchant[] => weixinMerchants(settings)

export const v2MerchantsOf = (doctor: Doctor): V2Merchant[] =>
  merchantsOf(doctor).filter((merchant): merchant is V2Merchant => merchant.key !== undefined)

export const v3MerchantsOf = (doctor: Doctor): V3Merchant[] =>
  merchantsOf(doctor).filter((merchant): merchant is V3Merchant => merchant.v3 !== undefined)

export const alipayAppsOf = ({ settings }: Doctor): AlipayApp[] => alipayApps(settings)

const paymentSettings = ['WEIXIN_MCH_ID', 'WEIXIN_MERCHANTS', 'ALIPAY_PRIVATE_KEY', 'ALIPAY_APPS'] as const

/** Whether anybody is to be paid here, as far as settings show that are not even well formed. */
export const takesPayments = ({ settings }: Doctor): boolean =>
  paymentSettings.some((name) => settings.get(name) !== undefined)

/** Names by which a machine reaches itself alone. */
export const isLoopback = (hostname: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)

/** And those of networks that the providers are not in. */
export const isPrivate = (hostname: string): boolean =>
  isLoopback(hostname) ||
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)|\.(local|internal|lan)$/.test(hostname)
