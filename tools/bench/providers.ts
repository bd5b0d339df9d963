import type { HttpAnswer } from '../../shared/http/http.js'
import type { HttpCall } from '../../shared/operation/index.js'
import { QUERY } from './messages/alipay.js'
import { app, merchant, outside } from './parties.js'

/** What is measured: built as the functions are, or from the sources. */
export type Ours = typeof import('./ours.js')

/** The merchant's accounts, and how the answers of each are verified. */
export function providers(ours: Ours) {
  const certificates = ours.rememberedCertificates()
  const client = ours.v3Client(merchant, outside, certificates)
  return {
    v2: ours.weixinV2(merchant, outside),
    v3: ours.weixinV3(merchant, outside, certificates),
    alipay: ours.alipay(app, outside),
    v2Answer({ rawBody }: HttpCall) {
      const fields = ours.readMessage(rawBody)
      return typeof fields !== 'string' && ours.isSigned(fields, merchant.key, merchant.signType)
    },
    v3Answer: async (answer: HttpAnswer) => (await ours.v3Answer(client, answer)).fields,
    alipayAnswer: (answer: HttpAnswer) =>
      ours.alipayAnswer({ app, dependencies: outside }, {}, ours.splitAnswer(QUERY, answer)),
  }
}
