export { explained } from './explained.js'
export type { LocalPlatforms, LocalPlatformsOptions } from './localPlatforms.js'
export type { Delivery } from './notice.js'
export {
  type OrderInfo,
  type Payment,
  type ProviderName,
  providerNames,
  RequestPaymentError,
} from './payment.js'
export { startLocalPlatforms } from './start.js'
