import * as alipayDecrypt from '../alipay/apis/decrypt.js'
import { request as alipayRequest } from '../alipay/apis/request.js'
import * as alipaySecurity from '../alipay/apis/security.js'
import * as alipaySubscribeMessage from '../alipay/apis/subscribeMessage.js'
import type { Operation } from '../operation/index.js'
import * as weixinDecrypt from '../weixin/apis/decrypt.js'
import { request as weixinRequest } from '../weixin/apis/request.js'
import * as weixinSecurity from '../weixin/apis/security.js'
import * as weixinSubscribeMessage from '../weixin/apis/subscribeMessage.js'
import { onEither } from './either.js'

/**
 * The APIs that both platforms have under one name. Marked as pure, so that the bundle of one function leaves the others out.
 */

export const getPhoneNumber = /* @__PURE__ */ onEither(
  weixinDecrypt.getPhoneNumber,
  alipayDecrypt.getPhoneNumber,
  {
    title: {
      en: "The phone number that a user agreed to give: WeChat's by the code of the button or by its encryptedData, Alipay's by what my.getPhoneNumber answered",
      zh: '获取用户绑定的手机号：微信凭按钮返回的 code 或 encryptedData，支付宝凭 my.getPhoneNumber 的返回值',
    },
  },
)

export const request = /* @__PURE__ */ onEither(weixinRequest, alipayRequest, {
  title: {
    en: "Call any API of WeChat (`path`; `data` is the query of a GET or the JSON body of a POST) or of Alipay (`method`; `data.biz_content`), in the platform's own words",
    zh: '调用任意微信接口（path；data 为 GET 的查询参数或 POST 的 JSON 包体）或支付宝接口（method；data.biz_content），参数与返回均为平台原样',
  },
})

const withoutAlipay = ({ title: { en, zh } }: Operation) => ({
  title: {
    en: `${en}; Alipay offers none and answers NOT_OFFERED`,
    zh: `${zh}；支付宝未提供，返回 NOT_OFFERED`,
  },
})

export const msgSecCheck = /* @__PURE__ */ onEither(
  weixinSecurity.msgSecCheck,
  alipaySecurity.msgSecCheck,
  /* @__PURE__ */ withoutAlipay(weixinSecurity.msgSecCheck),
)

export const imgSecCheck = /* @__PURE__ */ onEither(
  weixinSecurity.imgSecCheck,
  alipaySecurity.imgSecCheck,
  /* @__PURE__ */ withoutAlipay(weixinSecurity.imgSecCheck),
)

export const subscribeMessageSend = /* @__PURE__ */ onEither(
  weixinSubscribeMessage.send,
  alipaySubscribeMessage.send,
)
