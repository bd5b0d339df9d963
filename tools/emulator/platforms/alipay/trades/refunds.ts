import { beijingDateTime } from '../../../../../shared/clock.js'
import { fenIn, yuan } from '../../payment.js'
import type { AlipayContext, Entry } from '../entry.js'
import {
  businessFailure,
  type Content,
  isAmount,
  matching,
  optionsIn,
  textIn,
  upTo,
  wrongParameter,
} from '../rules.js'
import { buyerFields, namedTrade, numbersOf } from './orders.js'
import { leftFee, type Refund, type RefundRequest, refundedFee, statusOf, type Trade } from './trade.js'

const number = matching(/^[\w-]{1,64}$/)

/** The official model; with other names Alipay may refuse, or give back twice. https://opendocs.alipay.com/open/4b7cc5db_alipay.trade.refund */
const model = [
  ...['trade_no', 'out_trade_no', 'refund_amount', 'out_request_no', 'refund_reason', 'refund_currency'],
  ...['refund_goods_detail', 'goods_detail', 'refund_royalty_parameters', 'query_options'],
  ...['operator_id', 'store_id', 'terminal_id', 'org_pid', 'related_settle_confirm_no'],
]

/**
 * Gives money back once per `out_request_no`: a repeat changes nothing and says so. `refund_fee` is what was given
 * back of the whole order so far, not this refund.
 */
export const tradeRefund: Entry = {
  method: 'alipay.trade.refund',
  faults: ['unfinished', 'no-funds'],
  content: {
    refund_amount: { required: true, accepts: isAmount },
    out_request_no: { accepts: number },
    refund_reason: { accepts: upTo(256) },
  },
  only: model,
  answer({ content }, context, fault) {
    const trade = namedTrade(content, context)
    const asked = refundRequest(content, trade)
    const known = context.refunds.find(trade, asked.outRequestNo)
    if (known && known.fee !== asked.fee)
      throw businessFailure('ACQ.DISCORDANT_REPEAT_REQUEST', '请求信息不一致')
    if (!known) checkRefundable(trade, asked.fee, context)
    const refund = known ?? context.refunds.make(trade, asked, fault === 'unfinished')
    const hasMoved = !known && refund.state === 'SUCCESS'
    return {
      ...numbersOf(trade),
      ...buyerFields(trade, context),
      fund_change: hasMoved ? 'Y' : 'N',
      refund_fee: yuan(refundedFee(trade)),
      ...(hasMoved ? { gmt_refund_pay: beijingDateTime(refund.createdAt) } : {}),
      ...detailsAsked(content, refund),
    }
  },
}

/** A refund without a number has the order's; a part needs one of its own. */
function refundRequest(content: Content, { order: { outTradeNo, totalFee } }: Trade): RefundRequest {
  const fee = fenIn(textIn(content, 'refund_amount') ?? '')
  const [named, reason] = [textIn(content, 'out_request_no'), textIn(content, 'refund_reason')]
  if (named === undefined && fee < totalFee) throw wrongParameter('out_request_no')
  return {
    outRequestNo: named ?? outTradeNo,
    isNamed: named !== undefined,
    fee,
    ...(reason === undefined ? {} : { reason }),
  }
}

function checkRefundable(trade: Trade, fee: number, { clock, agreement }: AlipayContext): void {
  const status = statusOf(trade, clock.now(), agreement)
  if (status === 'WAIT_BUYER_PAY') throw businessFailure('ACQ.TRADE_STATUS_ERROR', '交易状态不合法')
  if (status === 'TRADE_FINISHED') throw businessFailure('ACQ.TRADE_HAS_FINISHED', '交易已完结')
  if (status === 'TRADE_CLOSED') throw businessFailure('ACQ.TRADE_HAS_CLOSE', '交易已经关闭')
  if (fee > leftFee(trade)) throw businessFailure('ACQ.REFUND_AMT_NOT_EQUAL_TOTAL', '退款金额超限')
}

function detailsAsked(content: Content, { fee, state }: Refund): object {
  if (!optionsIn(content).includes('refund_detail_item_list') || state !== 'SUCCESS') return {}
  return {
    send_back_fee: yuan(fee),
    refund_detail_item_list: [{ fund_channel: 'ALIPAYACCOUNT', amount: yuan(fee) }],
  }
}

/** Code 10000 alone says nothing: a refund that is unknown, or came to nothing, has no further fields. */
export const refundQuery: Entry = {
  method: 'alipay.trade.fastpay.refund.query',
  content: { out_request_no: { required: true, accepts: number } },
  answer({ content }, context) {
    const trade = namedTrade(content, context)
    const refund = context.refunds.find(trade, textIn(content, 'out_request_no') ?? '')
    if (!refund || refund.state === 'CLOSED') return {}
    const { outRequestNo, fee, reason, state, successAt } = refund
    return {
      ...numbersOf(trade),
      out_request_no: outRequestNo,
      total_amount: yuan(trade.order.totalFee),
      refund_amount: yuan(fee),
      ...(reason === undefined ? {} : { refund_reason: reason }),
      ...(state === 'SUCCESS' ? { refund_status: 'REFUND_SUCCESS' } : {}),
      ...(successAt !== undefined && optionsIn(content).includes('gmt_refund_pay')
        ? { gmt_refund_pay: beijingDateTime(successAt) }
        : {}),
      ...detailsAsked(content, refund),
    }
  },
}
