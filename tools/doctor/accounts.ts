import { type AlipayApp, alipayApps } from '../../shared/config/alipayApp.js'
import { type WeixinMerchant, weixinMerchants } from '../../shared/config/weixinMerchant.js'
import type { V2Merchant } from '../../shared/payment/weixin-v2/signature.js'
import type { V3Merchant } from '../../shared/payment/weixin-v3/signature.js'
import type { Doctor } from './doctor.js'

/** These throw MISSING_SETTING or INVALID_SETTING, which the settings check reports. */
export const merchantsOf = ({ settings }: Doctor): WeixinMerchant[] => weixinMerchants(settings)

export const v2MerchantsOf = (doctor: Doctor): V2Merchant[] =>
  merchantsOf(doctor).filter((merchant): merchant is V2Merchant => merchant.key !== undefined)

export const v3MerchantsOf = (doctor: Doctor): V3Merchant[] =>
  merchantsOf(doctor).filter((merchant): merchant is V3Merchant => merchant.v3 !== undefined)

export const alipayAppsOf = ({ settings }: Doctor): AlipayApp[] => alipayApps(settings)

const paymentSettings = ['WEIXIN_MCH_ID', 'WEIXIN_MERCHANTS', 'ALIPAY_PRIVATE_KEY', 'ALIPAY_APPS'] as const

/** Whether payments are set up at all; settings need not be well formed for this. */
export const takesPayments = ({ settings }: Doctor): boolean =>
  paymentSettings.some((name) => settings.get(name) !== undefined)

/** Whether a host name is this machine's own. */
export const isLoopback = (hostname: string): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)

/** Whether a host name is this machine's own or a private network's, where providers cannot reach it. */
export const isPrivate = (hostname: string): boolean =>
  isLoopback(hostname) ||
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)|\.(local|internal|lan)$/.test(hostname)
