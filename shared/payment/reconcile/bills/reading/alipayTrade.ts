import { Tally } from '../../../../money.js'
import { type AlipayTable, type Stated, trimmed } from './alipay.js'
import { numberAt } from './captions.js'
import type { TradeRow } from './row.js'

const sums = [
  ...['payments', 'paymentReceipts', 'paymentDiscounts'],
  ...['refunds', 'refundReceipts', 'refundDiscounts'],
  ...['ordered', 'receipts'],
]

const kinds: Readonly<Record<string, TradeRow['kind']>> = { 交易: 'payment', 退款: 'refund' }

/** Alipay's `trade` bill. https://opendocs.alipay.com/open/3c9f1bcf_alipay.data.dataservice.bill.downloadurl.query */
export const alipayTrade: AlipayTable<TradeRow> = {
  details: '#支付宝业务明细查询',
  summary: '#支付宝业务汇总查询',
  tally: () => new Tally(sums),
  anchor: (captions) => ({
    name: captions.need('商品名称'),
    times: [captions.need('创建时间'), captions.need('完成时间')],
    remark: captions.at('备注'),
  }),
  reader(captions, tally) {
    const at = {
      transactionId: captions.need('支付宝交易号'),
      outTradeNo: captions.need('商户订单号'),
      kind: captions.need('业务类型'),
      time: captions.need('完成时间'),
      ordered: captions.need('订单金额(元)'),
      receipt: captions.need('商家实收(元)'),
      discount: captions.at('商家优惠(元)'),
      outRefundNo: captions.at('退款批次号/请求号', '退款批次号'),
      charge: captions.at('服务费(元)'),
    }
    const coupons = ['支付宝红包(元)', '集分宝(元)', '支付宝优惠(元)'].map((name) => captions.at(name))
    return (fields, line) => {
      const text = (column: number): string => trimmed(fields[column])
      const fen = (column: number): number => (column === -1 ? 0 : numberAt(text(column), 2, line))
      const status = text(at.kind)
      const kind = kinds[status] ?? 'other'
      const ordered = fen(at.ordered)
      const settled = fen(at.receipt)
      const first = kind === 'refund' ? 3 : 0
      if (kind !== 'other') {
        tally.add(first, 1)
        tally.add(first + 1, settled)
        tally.add(first + 2, fen(at.discount))
      }
      tally.add(6, ordered)
      tally.add(7, settled)
      return {
        kind,
        line,
        time: text(at.time),
        appId: '',
        mchId: '',
        currency: 'CNY',
        transactionId: text(at.transactionId),
        outTradeNo: text(at.outTradeNo),
        outRefundNo: kind === 'refund' ? text(at.outRefundNo) : '',
        refundId: '',
        status,
        amount: Math.abs(ordered),
        settled,
        hasCoupon: coupons.some((column) => fen(column) !== 0),
        charge: at.charge === -1 ? 0 : 0 - numberAt(text(at.charge), 5, line),
        rate: '',
      }
    }
  },
  footer(line) {
    const [, what, count, rest = ''] = /^#(交易|退款)合计：(\d+)笔，(.*)$/.exec(line) ?? []
    if (what === undefined || count === undefined) return []
    const name = what === '交易' ? 'payment' : 'refund'
    const found: Stated[] = [{ name: `${name}s`, places: 0, text: count, caption: `${what}合计` }]
    // Older bills name other sums here, of which nothing is known for certain.
    const receipt = /商家实收(?:退款)?共(-?[\d.]+)元/.exec(rest)?.[1]
    const discount = /商家优惠(?:退款)?共(-?[\d.]+)元/.exec(rest)?.[1]
    if (receipt) found.push({ name: `${name}Receipts`, places: 2, text: receipt, caption: `${what}商家实收` })
    if (discount)
      found.push({ name: `${name}Discounts`, places: 2, text: discount, caption: `${what}商家优惠` })
    return found
  },
  totals(captions, fields) {
    const stated = [
      { name: 'payments', places: 0, caption: '交易订单总笔数' },
      { name: 'refunds', places: 0, caption: '退款订单总笔数' },
      { name: 'ordered', places: 2, caption: '订单金额(元)' },
      { name: 'receipts', places: 2, caption: '商家实收(元)' },
    ] as const
    return stated.flatMap((each) => {
      const column = captions.at(each.caption)
      return column === -1 ? [] : [{ ...each, text: fields[column] ?? '' }]
    })
  },
}
