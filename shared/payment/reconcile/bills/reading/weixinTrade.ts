import { Tally } from '../../../../money.js'
import { type Captions, numberAt } from './captions.js'
import type { TradeRow } from './row.js'
import type { WeixinTable } from './weixin.js'

const sums = ['count', 'settled', 'settledRefunds', 'couponRefunds', 'charges', 'ordered', 'asked'] as const

const kinds: Readonly<Record<string, TradeRow['kind']>> = {
  SUCCESS: 'payment',
  REFUND: 'refund',
  REVOKED: 'revoked',
}

/**
 * WeChat Pay's trade bill, of any layout: ALL, SUCCESS and REFUND, and the older ones of 24 columns, in which one amount
 * stands for what was ordered and for what was settled. https://pay.weixin.qq.com/doc/v3/merchant/4012791907
 */
export const weixinTrade: WeixinTable<TradeRow> = {
  totalsBegin: '总交易单数',
  totals: {
    总交易单数: { name: 'count', places: 0 },
    应结订单总金额: { name: 'settled', places: 2 },
    总交易额: { name: 'settled', places: 2 },
    退款总金额: { name: 'settledRefunds', places: 2 },
    总退款金额: { name: 'settledRefunds', places: 2 },
    充值券退款总金额: { name: 'couponRefunds', places: 2 },
    总企业红包退款金额: { name: 'couponRefunds', places: 2 },
    总代金券或立减优惠退款金额: { name: 'couponRefunds', places: 2 },
    手续费总金额: { name: 'charges', places: 5 },
    订单总金额: { name: 'ordered', places: 2 },
    申请退款总金额: { name: 'asked', places: 2 },
  },
  reader(captions) {
    const tally = new Tally(sums)
    const at = columnsOf(captions)
    const text = (fields: readonly string[], column: number): string => fields[column] ?? ''
    // Numbers that are not there are the text 0.
    const number = (fields: readonly string[], column: number): string => {
      const value = fields[column] ?? ''
      return value === '0' ? '' : value
    }
    const fen = (fields: readonly string[], column: number, line: number): number =>
      column === -1 ? 0 : numberAt(fields[column] ?? '', 2, line)
    return {
      tally,
      row(fields, line) {
        const kind = kinds[text(fields, at.state)] ?? 'other'
        const settled = fen(fields, at.settled, line)
        const back = fen(fields, at.settledRefund, line)
        const ordered = at.ordered === -1 ? settled : fen(fields, at.ordered, line)
        const asked = at.asked === -1 ? back : fen(fields, at.asked, line)
        const charge = numberAt(text(fields, at.charge), 5, line)
        tally.add(0, 1)
        tally.add(1, settled)
        tally.add(2, back)
        tally.add(3, fen(fields, at.couponRefund, line))
        tally.add(4, charge)
        tally.add(5, ordered)
        tally.add(6, asked)
        const isRefund = kind === 'refund'
        return {
          kind,
          line,
          time: text(fields, isRefund && at.refundTime !== -1 ? at.refundTime : at.time),
          appId: text(fields, at.appId),
          mchId: text(fields, at.mchId),
          currency: text(fields, at.currency),
          transactionId: text(fields, at.transactionId),
          outTradeNo: text(fields, at.outTradeNo),
          outRefundNo: number(fields, at.outRefundNo),
          refundId: number(fields, at.refundId),
          status: text(fields, isRefund ? at.refundStatus : at.state),
          amount: isRefund ? asked : ordered,
          settled: isRefund ? 0 - back : settled,
          hasCoupon: fen(fields, isRefund ? at.couponRefund : at.coupon, line) !== 0,
          charge,
          rate: text(fields, at.rate),
        }
      },
    }
  },
}

/** Columns that only some kinds of the bill have are -1 in the others. */
const columnsOf = (captions: Captions) => ({
  time: captions.need('交易时间'),
  refundTime: captions.at('退款申请时间'),
  appId: captions.need('公众账号ID'),
  mchId: captions.need('商户号'),
  transactionId: captions.need('微信订单号'),
  outTradeNo: captions.need('商户订单号'),
  state: captions.need('交易状态'),
  currency: captions.need('货币种类'),
  settled: captions.need('应结订单金额', '总金额'),
  coupon: captions.at('代金券金额', '企业红包金额', '代金券或立减优惠金额'),
  refundId: captions.at('微信退款单号'),
  outRefundNo: captions.at('商户退款单号'),
  settledRefund: captions.at('退款金额'),
  couponRefund: captions.at('充值券退款金额', '企业红包退款金额', '代金券或立减优惠退款金额'),
  refundStatus: captions.at('退款状态'),
  charge: captions.need('手续费'),
  rate: captions.need('费率'),
  ordered: captions.at('订单金额'),
  asked: captions.at('申请退款金额'),
})
