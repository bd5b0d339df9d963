import { stateOf } from '../weixin-pay/index.js'
import { BusinessFailure, type Entry } from './entry.js'
import { outTradeNo } from './rules.js'

const SOONEST_MS = 5 * 60 * 1000

/** `POST /pay/closeorder`; refused within five minutes of the order, as the documents ask for. */
export const closeorder: Entry = {
  name: 'weixin-pay-v2.closeorder',
  path: '/pay/closeorder',
  rules: { out_trade_no: outTradeNo },
  answer({ out_trade_no: number = '' }, { ledger, clock }) {
    const order = ledger.orders.byOutTradeNo(number)
    if (!order) throw new BusinessFailure('ORDERNOTEXIST', '订单不存在')
    if (order.paid) throw new BusinessFailure('ORDERPAID', '该订单已支付')
    if (stateOf(order, clock.now()) === 'CLOSED') throw new BusinessFailure('ORDERCLOSED', '该订单已关闭')
    if (clock.now() < order.createdAt + SOONEST_MS) {
      throw new BusinessFailure('TRADE_STATE_ERROR', '订单生成后5分钟内不能关闭')
    }
    order.closed = true
    return { result_msg: 'OK' }
  },
}
