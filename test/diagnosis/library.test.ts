import t from 'tap'
import { initWeixin } from '../../shared/library/index.js'
import { APP_ID, KEY, MCH_ID } from '../payment/house.js'
import { paid, signedXml, xml } from '../payment/weixin-v2/message.js'

/** Users of the library have no log of ours: what the diagnosis finds is in the cause, and not in the message. */

const payment = initWeixin({ appId: APP_ID, mchId: MCH_ID, key: KEY, secret: '0'.repeat(32) }).payment
const event = (body: string) => ({ path: '/', httpMethod: 'POST', headers: {}, body })

t.test('why a notice is refused, and what to change', async (t) => {
  const escaped = signedXml(paid({ attach: '"x"' })).replaceAll('"', '&quot;')
  const error = await payment.verifyPaymentNotify(event(escaped)).catch((refused: unknown) => refused)
  t.match(error, {
    errCode: 'NOTICE_REFUSED',
    cause: { message: 'signature wrong', finding: 'HTML entities', remedy: /notify address.*XSS/ },
  })
  t.notMatch((error as Error).message, /entities|signature/)
})

t.test('what is not to be explained has its reason alone, and a genuine one is taken', async (t) => {
  const error = await payment.verifyPaymentNotify(event(xml(paid()))).catch((refused: unknown) => refused)
  t.match(error, { errCode: 'NOTICE_REFUSED', cause: { message: 'signature missing', finding: undefined } })
  t.match(await payment.verifyPaymentNotify(event(signedXml(paid()))), { outTradeNo: 'T20500101' })
})
