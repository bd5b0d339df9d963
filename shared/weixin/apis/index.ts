import { templateMessageSend } from './h5.js'

/**
 * Every WeChat API under the dotted name by which callers know it. The library's methods and types come from here, so
 * nothing but operations is exported.
 */
export * as analysis from './analysis.js'
export * as auth from './auth.js'
export * as customerServiceMessage from './customerServiceMessage.js'
export * as decrypt from './decrypt.js'
export * as img from './img.js'
export * as livebroadcast from './livebroadcast.js'
export * as logistics from './logistics.js'
export * as order from './order.js'
export { request } from './request.js'
export * as security from './security.js'
export * as subscribeMessage from './subscribeMessage.js'
export * as uniformMessage from './uniformMessage.js'
export * as urllink from './urllink.js'
export * as urlscheme from './urlscheme.js'
export * as wxacode from './wxacode.js'
export const h5 = { templateMessage: { send: templateMessageSend } }
