import { oneLine } from '../certificates/index.js'
import type { PaymentPlatform, PayOptions } from '../payment.js'
import { ledgerState, type Order, type PayBase, platformOf, settle } from '../weixin-pay/index.js'
import { payApi } from './api.js'
import { billApi, bills } from './bill.js'
import { closeorder } from './closeorder.js'
import type { Entry } from './entry.js'
import { noticeTarget, paymentNotice } from './notice.js'
import { orderquery } from './orderquery.js'
import { v2OrderOnPhone } from './phone.js'
import { refund } from './refund.js'
import { refundNoticeTarget } from './refundNotice.js'
import { refundquery } from './refundquery.js'
import { unifiedorder } from './unifiedorder.js'

const entries: readonly Entry[] = [unifiedorder, orderquery, closeorder, refund, refundquery]

/** The local api.mch.weixin.qq.com, version 2, for one merchant. */
export function weixinPayV2(world: PayBase): PaymentPlatform {
  const { ledger, merchant, files, clock } = world
  const paid = (order: Order | undefined, options: PayOptions) =>
    order?.terms.via === 'v2'
      ? settle(order, options, world, (...payment) => paymentNotice(...payment, world))
      : undefined
  return {
    name: platformOf('v2'),
    provider: 'weixin-v2',
    apis: [...entries.map((entry) => payApi(entry, world)), ...bills.map((bill) => billApi(bill, world))],
    targets: [noticeTarget, refundNoticeTarget],
    settings: ({ secureUrl }) => ({
      WEIXIN_MCH_ID: merchant.mchId,
      WEIXIN_PAY_KEY: merchant.key,
      WEIXIN_PAY_CERT: oneLine(files.cert),
      WEIXIN_PAY_CERT_KEY: oneLine(files.key),
      WEIXIN_PAY_BASE_URL: secureUrl,
      WEIXIN_PAY_CA: oneLine(files.authority),
    }),
    state: () => ledgerState(ledger, 'v2', clock.now()),
    pay: (number, options) =>
      paid(ledger.orders.byPrepayId(number) ?? ledger.orders.byOutTradeNo(number), options),
    requestPayment: (orderInfo, options) => paid(v2OrderOnPhone(orderInfo, world), options),
  }
}
