import { beijingDateTime } from '../../../../shared/clock.js'
import { yuan } from '../yuan.js'
import type { AlipayWorld, Entry } from './entry.js'
import { namedTrade, numbersOf } from './order.js'
import { type Paid, statusOf, type Trade } from './trade.js'

/** An order for an app is unknown until the payer has opened the cashier. */
export const tradeQuery: Entry = {
  method: 'alipay.trade.query',
  answer({ content }, world) {
    const trade = namedTrade(content, world)
    const { wish, paid } = trade
    return {
      ...numbersOf(trade),
      trade_status: statusOf(trade, world.clock.now(), world.terms),
      total_amount: yuan(wish.totalFee),
      ...buyerFields(trade, world),
      ...(paid ? paidFields(wish.totalFee, paid) : unpaid),
    }
  },
}

/** Who pays or was to pay, as answers say it. */
export function buyerFields({ paid, wish }: Trade, { users }: AlipayWorld): object {
  const buyer = paid?.buyer ?? wish.buyer
  if (!buyer) return {}
  return { ...users.fieldOf(buyer, 'buyer_user_id', 'buyer_open_id'), buyer_logon_id: buyer.logonId }
}

const unpaid = {
  buyer_pay_amount: yuan(0),
  receipt_amount: yuan(0),
  invoice_amount: yuan(0),
  point_amount: yuan(0),
}

const paidFields = (totalFee: number, { at, couponFee }: Paid): object => ({
  buyer_pay_amount: yuan(totalFee - couponFee),
  receipt_amount: yuan(totalFee),
  invoice_amount: yuan(totalFee - couponFee),
  point_amount: yuan(0),
  discount_amount: yuan(couponFee),
  send_pay_date: beijingDateTime(at),
  fund_bill_list: [
    { fund_channel: 'ALIPAYACCOUNT', amount: yuan(totalFee - couponFee) },
    ...(couponFee > 0 ? [{ fund_channel: 'COUPON', amount: yuan(couponFee) }] : []),
  ],
})
