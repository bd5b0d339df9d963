import type { AlipayWorld, Entry } from './entry.js'
import { findTrade, namedTrade, numbersOf } from './order.js'
import { refused } from './refusal.js'
import { textIn } from './rules.js'
import { leftFee, statusOf, type Trade } from './trade.js'

/** Only what waits for its payer can be closed. */
export const tradeClose: Entry = {
  method: 'alipay.trade.close',
  answer({ content, params }, world) {
    const trade = namedTrade(content, world)
    if (statusOf(trade, world.clock.now(), world.terms) !== 'WAIT_BUYER_PAY') {
      throw refused('ACQ.TRADE_STATUS_ERROR', '交易状态不合法')
    }
    void world.trades.close(trade, params.notify_url)
    return numbersOf(trade)
  },
}

/**
 * For payments whose outcome is unknown: what is unpaid is closed, what is paid is given back. An order that is not
 * there is no error, and nothing is said of what was done.
 */
export const tradeCancel: Entry = {
  method: 'alipay.trade.cancel',
  faults: ['unfinished'],
  answer({ content }, world, fault) {
    const trade = findTrade(content, world)
    if (!trade) return { out_trade_no: textIn(content, 'out_trade_no') ?? '', retry_flag: 'N' }
    if (fault === 'unfinished') return { ...numbersOf(trade), retry_flag: 'Y' }
    return { ...numbersOf(trade), retry_flag: 'N', action: cancelled(trade, world) }
  },
}

const CANCELLABLE_MS = 24 * 3600 * 1000

function cancelled(trade: Trade, { clock, trades, refunds }: AlipayWorld): 'close' | 'refund' {
  if (!trade.paid) {
    void trades.close(trade)
    return 'close'
  }
  if (clock.now() - trade.paid.at > CANCELLABLE_MS)
    throw refused('ACQ.TRADE_CANCEL_TIME_OUT', '超过撤销时间范围')
  const fee = leftFee(trade)
  if (fee > 0) refunds.make(trade, { outRequestNo: trade.wish.outTradeNo, isNamed: false, fee })
  return 'refund'
}
