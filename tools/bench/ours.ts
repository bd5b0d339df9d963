/** What is measured, as one entry: the bench has it built as the functions are, since what they run is what counts. */

export { splitAnswer } from '../../shared/alipay/answer.js'
export { verifiedAnswer as alipayAnswer } from '../../shared/alipay/client.js'
export { orderString } from '../../shared/alipay/request.js'
export { rememberedCertificates } from '../../shared/certificates/source.js'
export { alipay } from '../../shared/payment/alipay/index.js'
export { weixinV2 } from '../../shared/payment/weixin-v2/index.js'
export { isSigned, readMessage, signature } from '../../shared/payment/weixin-v2/signature.js'
export { verifiedAnswer as v3Answer } from '../../shared/payment/weixin-v3/client.js'
export { v3Client, weixinV3 } from '../../shared/payment/weixin-v3/index.js'
export { authorization } from '../../shared/payment/weixin-v3/signature.js'
