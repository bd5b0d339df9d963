import { templateMessageSend as h5TemplateMessageSend } from '../weixin/apis/h5.js'

/**
 * Every WeChat API under the dotted name by which callers know it. Made from the files of `apis/` by
 * `npm run generate`; do not edit.
 */
export * as analysis from '../weixin/apis/analysis.js'
export * as auth from '../weixin/apis/auth.js'
export * as customerServiceMessage from '../weixin/apis/customerServiceMessage.js'
export * as decrypt from '../weixin/apis/decrypt.js'
export const h5 = { templateMessage: { send: h5TemplateMessageSend } }
export * as img from '../weixin/apis/img.js'
export * as livebroadcast from '../weixin/apis/livebroadcast.js'
export * as logistics from '../weixin/apis/logistics.js'
export * as order from '../weixin/apis/order.js'
export { request } from '../weixin/apis/request.js'
export * as security from '../weixin/apis/security.js'
export * as subscribeMessage from '../weixin/apis/subscribeMessage.js'
export * as uniformMessage from '../weixin/apis/uniformMessage.js'
export * as urllink from '../weixin/apis/urllink.js'
export * as urlscheme from '../weixin/apis/urlscheme.js'
export * as wxacode from '../weixin/apis/wxacode.js'
