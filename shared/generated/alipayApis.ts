/**
 * Every Alipay API under the dotted name by which callers know it. Made from the files of `apis/` by
 * `npm run generate`; do not edit.
 */
export * as acode from '../alipay/apis/acode.js'
export * as auth from '../alipay/apis/auth.js'
export * as decrypt from '../alipay/apis/decrypt.js'
export { request } from '../alipay/apis/request.js'
export * as security from '../alipay/apis/security.js'
export * as subscribeMessage from '../alipay/apis/subscribeMessage.js'
