/** What is measured, as one entry: the bench has it built as the functions are, since what they run is what counts. */

export { takenApart } from '../../shared/alipay/exchange.js'
export { readAnswer } from '../../shared/alipay/gateway.js'
export { orderString } from '../../shared/alipay/request.js'
export { alipay } from '../../shared/payment/alipay/index.js'
export { weixinV2 } from '../../shared/payment/weixin-v2/index.js'
export { readMessage } from '../../shared/payment/weixin-v2/message.js'
export { isSigned, signature } from '../../shared/payment/weixin-v2/sign.js'
export { believed } from '../../shared/payment/weixin-v3/call.js'
export { rememberedCertificates, weixinV3, weixinV3Line } from '../../shared/payment/weixin-v3/index.js'
export { authorization } from '../../shared/payment/weixin-v3/signature.js'
