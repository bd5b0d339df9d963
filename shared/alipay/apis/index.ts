/** Every Alipay API under the dotted name by which callers know it; nothing but operations is exported. */
export * as acode from './acode.js'
export * as auth from './auth.js'
export * as decrypt from './decrypt.js'
export { request } from './request.js'
export * as security from './security.js'
export * as subscribeMessage from './subscribeMessage.js'
