import type { HttpAnswer } from '../../shared/http/http.js'
import type { HttpCall } from '../../shared/operation/index.js'
import type { PaymentProvider } from '../../shared/payment/provider.js'
import type { Ours } from './built.js'
import { alipayAnswer, alipayNotice, answerWith } from './messages/alipay.js'
import { v2Notice, v2RefundNotice, v3Answer, v3Call, v3Notice, v3Signed } from './messages/weixin.js'
import { accounts, type Compose, callWith } from './parties.js'
import { type Bodies, formBodies, jsonBodies, xmlBodies } from './shapes.js'

/** A message, and what reads it. */
export interface Reading {
  /** How long its body is. */
  bytes: number
  /** Nothing, false or an error where the message does not verify. */
  read(): unknown
}

/** Something that reads what anybody may send. */
export interface Reader {
  name: string
  /** The largest body it takes; of answers, for which no door is so narrow, the largest that is tried. Bytes. */
  upTo: number
  genuine(text: string): Reading
  forged(text: string): Reading
  /** A message of just this body, with a right signature where that lies dependencies of it. */
  whole(body: string): Reading
  bodies: Bodies
}

const KB = 1024

/** Every message whose signature is verified here. */
export function readers(ours: Ours): Reader[] {
  const { v2, v3, alipay, ...answers } = ours.providers(accounts)
  const xmlCall = { upTo: 64 * KB, whole: plainCall, bodies: xmlBodies }
  const v3JsonCall = { upTo: 128 * KB, compose: v3Notice, whole: v3Call, bodies: jsonBodies }
  const formCall = { upTo: 64 * KB, compose: alipayNotice, whole: plainCall, bodies: formBodies }
  const jsonAnswer = { upTo: 512 * KB, bodies: jsonBodies }
  return [
    reader('weixin-v2 notice', { ...xmlCall, compose: v2Notice, read: noticeOf(v2) }),
    reader('weixin-v2 refund notice', { ...xmlCall, compose: v2RefundNotice, read: noticeOf(v2) }),
    reader('weixin-v3 notice', { ...v3JsonCall, read: noticeOf(v3) }),
    reader('alipay notice', { ...formCall, read: noticeOf(alipay) }),
    reader('weixin-v2 notice, explained', { ...xmlCall, compose: v2Notice, read: explanationOf(v2) }),
    reader('weixin-v3 notice, explained', { ...v3JsonCall, upTo: 64 * KB, read: explanationOf(v3) }),
    reader('alipay notice, explained', { ...formCall, read: explanationOf(alipay) }),
    reader('weixin-v2 answer', { ...xmlCall, compose: v2Notice, read: answers.v2Answer }),
    reader('weixin-v3 answer', { ...jsonAnswer, compose: v3Answer, whole: v3Signed, read: answers.v3Answer }),
    reader('alipay answer', {
      ...{ ...jsonAnswer, compose: alipayAnswer, whole: answerWith, read: answers.alipayAnswer },
    }),
  ]
}

const plainCall = (body: string): HttpCall => callWith(Buffer.from(body))

const noticeOf =
  ({ readNotice }: PaymentProvider) =>
  async (call: HttpCall) => {
    const reading = await readNotice(call)
    return reading.authentic ? reading.notice : undefined
  }

/** What a refused call costs on top, for the log. */
const explanationOf =
  ({ readNotice, explain }: PaymentProvider) =>
  async (call: HttpCall) => {
    const reading = await readNotice(call)
    if (reading.authentic) return reading.notice
    await explain(call, reading.reason)
    return undefined
  }

interface Parts<Message> extends Pick<Reader, 'upTo' | 'bodies'> {
  compose: Compose<Message>
  whole(body: string): Message
  read(message: Message): unknown
}

function reader<Message extends HttpCall | HttpAnswer>(name: string, parts: Parts<Message>): Reader {
  const { upTo, bodies, compose, whole, read } = parts
  const reading = (message: Message): Reading => ({
    bytes: ('rawBody' in message ? message.rawBody : message.body).length,
    read: () => read(message),
  })
  return {
    ...{ name, upTo, bodies },
    genuine: (text) => reading(compose(text)),
    forged: (text) => reading(compose(text, true)),
    whole: (body) => reading(whole(body)),
  }
}
