import { evidenceSettings } from '../../events/evidence.js'
import { eventSettings } from '../../events/webhook.js'
import { type Operation, unread } from '../../operation/index.js'
import { type NoticeOutcome, receiveNotice, replyToNotice } from '../notices/receiveNotice.js'
import { providerSettings } from '../registry.js'

/** Where providers report payments: `/verifyPaymentNotify/<provider>/<merchant>`. */
export const verifyPaymentNotify = {
  name: 'payment.verifyPaymentNotify',
  doc: 'https://uniapp.dcloud.net.cn/uniCloud/unipay.html',
  title: { en: "Receive the provider's payment notices", zh: '接收支付结果通知' },
  input: unread,
  reach: 'callback',
  repeat: 'safe',
  settings: [...providerSettings, ...eventSettings, ...evidenceSettings],
  run: (_input, context): Promise<NoticeOutcome> => receiveNotice(context),
  reply: replyToNotice,
} satisfies Operation<typeof unread, NoticeOutcome>
