import type { ProviderId } from './provider.js'

type WeixinPay = Exclude<ProviderId, 'alipay'>

/** What a payer's client is handed, by where it runs and who takes the money: each is what the payment call there takes. */
export type OrderInfoAnswer =
  | {
      provider: WeixinPay
      /** For which client it is: the one that was named, else that of the login. */
      clientType: 'mp-weixin'
      /** `mp-weixin`: goes as it is into `wx.requestPayment` and `Taro.requestPayment`, and beside `provider: 'wxpay'` into `uni.requestPayment` */
      orderInfo: MiniProgramParameters
    }
  | {
      provider: 'alipay'
      clientType: 'mp-alipay'
      /** `mp-alipay`: the trade number, `orderInfo` of `uni.requestPayment` and `tradeNO` of `my.tradePay` */
      orderInfo: string
    }
  | {
      provider: WeixinPay
      clientType: 'app' | 'app-plus'
      /** `app`: goes into `uni.requestPayment` as `orderInfo`, or field by field into WeChat's SDK */
      orderInfo: AppParameters
    }
  | {
      provider: 'alipay'
      clientType: 'app' | 'app-plus'
      /** or, of Alipay, the signed order, `orderInfo` of `uni.requestPayment` and what its SDK takes */
      orderInfo: string
    }
  | {
      provider: WeixinPay
      clientType: 'h5' | 'web'
      /** `h5`: an address to go to */
      orderInfo: {
        /** assigned to `location.href`, it opens WeChat */
        mwebUrl: string
      }
    }
  | {
      provider: WeixinPay
      clientType: 'native'
      /** `native`: a code to show */
      orderInfo: {
        /** the text of a QR code, which the payer scans */
        codeUrl: string
      }
    }

/** https://developers.weixin.qq.com/miniprogram/dev/api/payment/wx.requestPayment.html */
interface MiniProgramParameters {
  appId: string
  timeStamp: string
  nonceStr: string
  package: string
  /** RSA with WeChat Pay V3. */
  signType: 'MD5' | 'HMAC-SHA256' | 'RSA'
  paySign: string
}

/** https://pay.weixin.qq.com/doc/v3/merchant/4013070351 */
interface AppParameters {
  appid: string
  partnerid: string
  prepayid: string
  package: string
  noncestr: string
  timestamp: string
  sign: string
}
