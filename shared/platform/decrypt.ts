import { getPhoneNumber as alipayPhoneNumber } from '../alipay/apis/decrypt.js'
import { getPhoneNumber as weixinPhoneNumber } from '../weixin/apis/decrypt.js'
import { onEither } from './either.js'

export const getPhoneNumber = onEither(weixinPhoneNumber, alipayPhoneNumber, {
  title: {
    en: "The phone number that a user agreed to give: WeChat's by the code of the button or by its encryptedData, Alipay's by what my.getPhoneNumber answered",
    zh: '获取用户绑定的手机号：微信凭按钮返回的 code 或 encryptedData，支付宝凭 my.getPhoneNumber 的返回值',
  },
})
