import type { Operation } from '../../operation/index.js'
import type { NoticeOutcome } from '../notices/receiveNotice.js'
import { verifyPaymentNotify } from './verifyPaymentNotify.js'

/** Where providers report refunds: `/verifyRefundNotify/<provider>/<merchant>`. Either address takes either kind. */
export const verifyRefundNotify = {
  ...verifyPaymentNotify,
  name: 'payment.verifyRefundNotify',
  title: { en: "Receive the provider's refund notices", zh: '接收退款结果通知' },
} satisfies Operation<typeof verifyPaymentNotify.input, NoticeOutcome>
