export { explained } from './explained.js'
export type { Delivery } from './notice.js'
export {
  type OrderInfo,
  type Payment,
  type ProviderName,
  providerNames,
  RequestPaymentError,
} from './payment.js'
export { startTwin } from './start.js'
export type { Twin, TwinOptions } from './twin.js'
