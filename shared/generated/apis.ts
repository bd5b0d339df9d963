import * as alipayAcode from '../alipay/apis/acode.js'
import * as alipayAuth from '../alipay/apis/auth.js'
import * as alipayDecrypt from '../alipay/apis/decrypt.js'
import * as alipayRequest from '../alipay/apis/request.js'
import * as alipaySecurity from '../alipay/apis/security.js'
import * as alipaySubscribeMessage from '../alipay/apis/subscribeMessage.js'
import * as weixinAnalysis from '../weixin/apis/analysis.js'
import * as weixinAuth from '../weixin/apis/auth.js'
import * as weixinCustomerServiceMessage from '../weixin/apis/customerServiceMessage.js'
import * as weixinDecrypt from '../weixin/apis/decrypt.js'
import * as weixinH5 from '../weixin/apis/h5.js'
import * as weixinImg from '../weixin/apis/img.js'
import * as weixinLivebroadcast from '../weixin/apis/livebroadcast.js'
import * as weixinLogistics from '../weixin/apis/logistics.js'
import * as weixinOrder from '../weixin/apis/order.js'
import * as weixinRequest from '../weixin/apis/request.js'
import * as weixinSecurity from '../weixin/apis/security.js'
import * as weixinSubscribeMessage from '../weixin/apis/subscribeMessage.js'
import * as weixinUniformMessage from '../weixin/apis/uniformMessage.js'
import * as weixinUrllink from '../weixin/apis/urllink.js'
import * as weixinUrlscheme from '../weixin/apis/urlscheme.js'
import * as weixinWxacode from '../weixin/apis/wxacode.js'

/**
 * Every API under the dotted name by which callers know it: the library's methods and types come from here. Made from
 * the files of `apis/` by `npm run generate`; do not edit.
 */
export const alipay = {
  acode: alipayAcode,
  auth: alipayAuth,
  decrypt: alipayDecrypt,
  request: alipayRequest.request,
  security: alipaySecurity,
  subscribeMessage: alipaySubscribeMessage,
}

export const weixin = {
  analysis: weixinAnalysis,
  auth: weixinAuth,
  customerServiceMessage: weixinCustomerServiceMessage,
  decrypt: weixinDecrypt,
  h5: { templateMessage: { send: weixinH5.templateMessageSend } },
  img: weixinImg,
  livebroadcast: weixinLivebroadcast,
  logistics: weixinLogistics,
  order: weixinOrder,
  request: weixinRequest.request,
  security: weixinSecurity,
  subscribeMessage: weixinSubscribeMessage,
  uniformMessage: weixinUniformMessage,
  urllink: weixinUrllink,
  urlscheme: weixinUrlscheme,
  wxacode: weixinWxacode,
}
