import type { OptionNames } from './options.js'

/** Other addresses than the providers' own, the local platforms' for example. Every constructor takes all of them. */
export interface Endpoints {
  /** In place of https://api.weixin.qq.com */
  weixinApi?: string
  /** In place of https://api.mch.weixin.qq.com */
  weixinPay?: string
  /** PEM, base64 or a path: who certifies the server at `weixinPay`. */
  weixinPayCa?: string | Uint8Array
  /** In place of https://openapi.alipay.com/gateway.do */
  alipayGateway?: string
}

export const endpointNames: OptionNames = {
  WEIXIN_API_BASE_URL: 'endpoints.weixinApi',
  WEIXIN_PAY_BASE_URL: 'endpoints.weixinPay',
  WEIXIN_PAY_CA: 'endpoints.weixinPayCa',
  ALIPAY_GATEWAY_URL: 'endpoints.alipayGateway',
}
