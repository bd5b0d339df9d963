import { request as alipayRequest } from '../alipay/apis/request.js'
import { request as weixinRequest } from '../weixin/apis/request.js'
import { onEither } from './either.js'

export const request = onEither(weixinRequest, alipayRequest, {
  title: {
    en: "Call any API of WeChat (`path`; `data` is the query of a GET or the JSON body of a POST) or of Alipay (`method`; `data.biz_content`), in the platform's own words",
    zh: '调用任意微信接口（path；data 为 GET 的查询参数或 POST 的 JSON 包体）或支付宝接口（method；data.biz_content），参数与返回均为平台原样',
  },
})
