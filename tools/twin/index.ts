export type { AlipayConsole, AlipayHere, AlipayOptions } from './alipay/index.js'
export type { MerchantFiles, PfxEncryption } from './certificates/index.js'
export type { Received } from './contract.js'
export { type Fault, faultMeanings } from './faults.js'
export type { Attempt, Delivery } from './notice.js'
export {
  type OrderInfo,
  type Payment,
  type ProviderName,
  providerNames,
  type RefundOutcome,
  type RefundView,
  RequestPaymentError,
  type SettledRefund,
} from './payment.js'
export { startTwin } from './start.js'
export type { Twin, TwinOptions } from './twin.js'
export type { Verification } from './weixin-pay-v3/index.js'
