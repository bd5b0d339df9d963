/**
 * `requestPayment` as @tarojs/taro 4.2.1 declares it in types/api/payment/index.d.ts. Installing the package brings
 * webpack, Vue and React along, as its peers.
 */
export const TARO = `
declare module '@tarojs/taro' {
  namespace requestPayment {
    interface Option {
      timeStamp: string
      nonceStr: string
      package: string
      signType?: keyof SignType
      paySign: string
      complete?: (res: { errMsg: string }) => void
      fail?: (res: { errMsg: string }) => void
      success?: (res: { errMsg: string }) => void
    }
    interface SignType {
      MD5: unknown
      'HMAC-SHA256': unknown
      RSA: unknown
    }
  }
  interface TaroStatic {
    requestPayment(option: requestPayment.Option): Promise<{ errMsg: string }>
  }
  const Taro: TaroStatic
  export default Taro
}
`
