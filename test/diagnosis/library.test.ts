import t from 'tap'
import { initAlipay, initWeixin, type PaymentMethods } from '../../shared/library/index.js'
import { APP_ID, KEY, MCH_ID } from '../payment/house.js'
import { paid, signedXml, xml } from '../payment/weixin-v2/message.js'
import { keyPair } from '../payment/weixin-v3/keys.js'

/** Users of the library have no log of ours: what the diagnosis finds is in the cause, and not in the message. */

const payment = initWeixin({ appId: APP_ID, mchId: MCH_ID, key: KEY, secret: '0'.repeat(32) }).payment
const key = keyPair()
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

t.test('a body that Express has parsed is named as such, whichever headers came along', async (t) => {
  const alipay = initAlipay({
    appId: '2021000000000001',
    privateKey: key.privatePem,
    alipayPublicKey: key.publicPem,
  })
  const v3 = initWeixin({
    ...{ appId: APP_ID, mchId: MCH_ID, v3Key: KEY, serialNo: 'A'.repeat(40), privateKey: key.privatePem },
    ...{ publicKeyId: 'PUB_KEY_ID_1', publicKey: key.publicPem },
  })
  const parsed: [string, Pick<PaymentMethods, 'verifyPaymentNotify' | 'verifyRefundNotify'>, unknown][] = [
    ['V3', v3, { id: 'n', event_type: 'TRANSACTION.SUCCESS', resource: { ciphertext: 'x' } }],
    ['V2', payment, { xml: { return_code: ['SUCCESS'] } }],
    ['V2, whose body no parser took', payment, {}],
    ['Alipay', alipay, { notify_id: '1', sign: 'x' }],
  ]
  for (const [name, pay, body] of parsed) {
    for (const read of [pay.verifyPaymentNotify, pay.verifyRefundNotify]) {
      for (const headers of [{}, { 'content-length': '900' }]) {
        const error = await read({ path: '/', httpMethod: 'POST', headers, body }).catch(
          (refused: unknown) => refused,
        )
        t.match(
          error,
          {
            errCode: 'NOTICE_REFUSED',
            message: /^event.body is an object: something parsed the body before.*express\.raw/,
            cause: { finding: 'body parsed', remedy: /express\.raw\(\{ type: '\*\/\*' \}\)/ },
          },
          name,
        )
      }
    }
  }
  const request = { method: 'POST', path: '/', headers: {}, body: { a: 1 } }
  const error = await payment.verifyPaymentNotify(request).catch((refused: unknown) => refused)
  t.match(error, { message: /^event.body is an object/ }, 'the request of Express itself')
  t.match(
    await payment.verifyPaymentNotify({ ...request, body: Buffer.from(signedXml(paid())) }),
    { outTradeNo: 'T20500101' },
    'and with express.raw it is read',
  )
})

t.test('what is not to be explained has its reason alone, and a genuine one is taken', async (t) => {
  const error = await payment.verifyPaymentNotify(event(xml(paid()))).catch((refused: unknown) => refused)
  t.match(error, { errCode: 'NOTICE_REFUSED', cause: { message: 'signature missing', finding: undefined } })
  t.match(await payment.verifyPaymentNotify(event(signedXml(paid()))), { outTradeNo: 'T20500101' })
})
