export { type Advice, OpenapiError } from '../errors/index.js'
export { openMongoStore } from '../library/stores.js'
export type { Store } from '../store/index.js'
export {
  createOpenapi,
  createOpenapi as default,
  type Openapi,
  type RequestListener,
} from './createOpenapi.js'
export type { CallableName, ServerCalls } from './functions.js'
export type { MerchantEvent, OpenapiOptions } from './options.js'
export type { ServerRequest, TrustProxy } from './request.js'
export { openEmbeddedStore } from './stores.js'
