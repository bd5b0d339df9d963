import { splitAnswer } from '../../shared/alipay/answer.js'
import { verifiedAnswer as alipayAnswer } from '../../shared/alipay/client.js'
import { rememberedCertificates } from '../../shared/certificates/source.js'
import type { AlipayApp } from '../../shared/config/alipayApp.js'
import type { HttpAnswer } from '../../shared/http/http.js'
import type { HttpCall } from '../../shared/operation/index.js'
import { alipay } from '../../shared/payment/alipay/index.js'
import type { ProviderDependencies } from '../../shared/payment/provider.js'
import { weixinV2 } from '../../shared/payment/weixin-v2/index.js'
import { isSigned, readMessage, type V2Merchant } from '../../shared/payment/weixin-v2/signature.js'
import { verifiedAnswer as v3Answer } from '../../shared/payment/weixin-v3/client.js'
import { v3Client, weixinV3 } from '../../shared/payment/weixin-v3/index.js'
import type { V3Merchant } from '../../shared/payment/weixin-v3/signature.js'

/** What is measured, as one entry: the bench has it built as the functions are, since what they run is what counts. */

export { orderString } from '../../shared/alipay/request.js'
export { isSigned, signature } from '../../shared/payment/weixin-v2/signature.js'
export { authorization } from '../../shared/payment/weixin-v3/signature.js'

export interface Accounts {
  merchant: V3Merchant & V2Merchant
  app: AlipayApp
  dependencies: ProviderDependencies
}

/** The method whose answer is read. */
const QUERY = 'alipay.trade.query'

/** The providers of these accounts, and how the answers of each are verified. */
export function providers({ merchant, app, dependencies }: Accounts) {
  const certificates = rememberedCertificates()
  const client = v3Client(merchant, dependencies, certificates)
  return {
    v2: weixinV2(merchant, dependencies),
    v3: weixinV3(merchant, dependencies, certificates),
    alipay: alipay(app, dependencies),
    v2Answer({ rawBody }: HttpCall) {
      const fields = readMessage(rawBody)
      return typeof fields !== 'string' && isSigned(fields, merchant.key, merchant.signType)
    },
    v3Answer: async (answer: HttpAnswer) => (await v3Answer(client, answer)).fields,
    alipayAnswer: (answer: HttpAnswer) => alipayAnswer({ app, dependencies }, {}, splitAnswer(QUERY, answer)),
  }
}
