import { evidenceSettings } from '../../events/evidence.js'
import { eventSettings } from '../../events/webhook.js'
import { type Bilingual, type Operation, unread } from '../../operation/index.js'
import { type NoticeOutcome, receiveNotice, replyToNotice } from '../notices/receiveNotice.js'
import { providerSettings } from '../registry.js'

/** Where providers report what happened; either address takes notices of payments and of refunds. */
const verifyNotify = <Name extends string>(name: Name, title: Bilingual) =>
  ({
    name,
    doc: 'https://uniapp.dcloud.net.cn/uniCloud/unipay.html',
    title,
    input: unread,
    reach: 'callback',
    repeat: 'safe',
    settings: [...providerSettings, ...eventSettings, ...evidenceSettings],
    run: (_input, context): Promise<NoticeOutcome> => receiveNotice(context),
    reply: replyToNotice,
  }) satisfies Operation<typeof unread, NoticeOutcome>

/** `/verifyPaymentNotify/<provider>/<merchant>` */
export const verifyPaymentNotify = /* @__PURE__ */ verifyNotify('payment.verifyPaymentNotify', {
  en: "Receive the provider's payment notices",
  zh: '接收支付结果通知',
})

/** `/verifyRefundNotify/<provider>/<merchant>` */
export const verifyRefundNotify = /* @__PURE__ */ verifyNotify('payment.verifyRefundNotify', {
  en: "Receive the provider's refund notices",
  zh: '接收退款结果通知',
})
