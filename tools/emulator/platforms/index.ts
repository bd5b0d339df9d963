export type { Delivery } from './deliveries/notice.js'
export type { LocalPlatforms, LocalPlatformsOptions } from './localPlatforms.js'
export {
  type OrderInfo,
  type Payment,
  type ProviderName,
  providerNames,
  RequestPaymentError,
} from './payment.js'
export { listenFailure } from './server/http.js'
export { startLocalPlatforms } from './start.js'
