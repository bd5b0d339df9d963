import type { PaymentProvider } from '../../shared/payment/provider.js'
import * as bareAlipay from './bare/alipay.js'
import * as bareWeixin from './bare/weixin.js'
import type { Ours } from './built.js'
import { ANSWER_MEMBER, alipayAnswer, alipayNotice } from './messages/alipay.js'
import { v2Fields, v3Answer, v3Notice } from './messages/weixin.js'
import { accounts, type Compose, merchant, NOW } from './parties.js'

/** What either side does with the same input. Nothing, false or an error is a refusal. */
export interface Sides {
  ours(): unknown
  bare(): unknown
}

export interface Job extends Sides {
  name: string
  /** The least share of the bare code's speed, where that is not the usual one. */
  least?: number
  /** The same with a message that has to be refused; signing has none. */
  forged?: Sides
}

const TEXT = '一壶茶'
const V3_ORDER = { method: 'POST', target: '/v3/pay/transactions/jsapi', body: '{"description":"一壶茶"}' }
const ONCE = { timestamp: String(NOW / 1000), nonceStr: '5d2b6c2a8db53831f7eda20af46e531c' }
const ALIPAY_ORDER = {
  method: 'alipay.trade.app.pay',
  bizContent: { out_trade_no: 'order20260131', total_amount: '19.99', subject: TEXT },
  notifyUrl: 'https://merchant.test/verifyPaymentNotify/alipay/2021000122671080',
}

/** Every signature that is made or verified here. */
export function jobs(ours: Ours): Job[] {
  const { v3, alipay, ...readers } = ours.providers(accounts)
  return [
    ...v2Jobs(ours, 'MD5'),
    ...v2Jobs(ours, 'HMAC-SHA256'),
    {
      name: 'weixin-v3: signing a request',
      ours: () => ours.authorization(merchant, V3_ORDER, ONCE),
      bare: () => bareWeixin.v3Authorization(V3_ORDER, ONCE),
    },
    verifying('weixin-v3: verifying an answer', v3Answer, readers.v3Answer, bareWeixin.v3Answer),
    {
      ...verifying('weixin-v3: verifying and decrypting a notice', v3Notice, paymentReader(v3), (call) =>
        bareWeixin.v3Payment({ headers: call.headers, body: call.rawBody }),
      ),
      // The bare code reads two JSON texts and compares nothing of the envelope with what is sealed in it.
      least: 0.7,
    },
    {
      name: 'alipay: signing a request',
      ours: () => ours.orderString(accounts, ALIPAY_ORDER),
      bare: () => bareAlipay.orderString(ALIPAY_ORDER),
    },
    verifying('alipay: verifying an answer', alipayAnswer, readers.alipayAnswer, ({ body }) =>
      bareAlipay.answer(body, ANSWER_MEMBER),
    ),
    verifying('alipay: verifying a notice', alipayNotice, paymentReader(alipay), ({ rawBody }) =>
      bareAlipay.payment(rawBody),
    ),
  ]
}

/**
 * Without the reading of XML, on either side: the bare reader would be a regular expression, which takes minutes over
 * what anybody may send, and so would be no correct one. How ours grows is measured apart.
 */
function v2Jobs(ours: Ours, type: bareWeixin.SignType): Job[] {
  const { sign: _none, ...order } = v2Fields(TEXT, type)
  const pairs = Object.entries(order)
  return [
    {
      name: `weixin-v2 ${type}: signing`,
      ours: () => ours.signature(pairs, merchant.key, type),
      bare: () => bareWeixin.v2Signature(order, type),
    },
    verifying(
      `weixin-v2 ${type}: verifying`,
      (text, forged) => {
        const fields = v2Fields(text, type, forged)
        return { fields, read: new Map(Object.entries(fields)) }
      },
      ({ read }) => ours.isSigned(read, merchant.key, type),
      ({ fields }) => bareWeixin.isV2Signed(fields, type),
    ),
  ]
}

const paymentReader =
  ({ readNotice }: PaymentProvider) =>
  async (call: Parameters<typeof readNotice>[0]) => {
    const reading = await readNotice(call)
    return reading.authentic ? reading.notice.payment : undefined
  }

function verifying<Message>(
  name: string,
  compose: Compose<Message>,
  ours: (message: Message) => unknown,
  bare: (message: Message) => unknown,
): Job {
  const sidesOf = (message: Message): Sides => ({ ours: () => ours(message), bare: () => bare(message) })
  return { name, ...sidesOf(compose(TEXT)), forged: sidesOf(compose(TEXT, true)) }
}
