import { beijingDateTime } from '../../../../../shared/clock.js'
import { yuan } from '../../payment.js'
import type { Paid, Refund, Trade } from '../trades/trade.js'
import type { Trades } from '../trades/trades.js'

/** One kind of bill: what its files are called and what stands in them. */
export interface BillTable {
  /** In the names of its files. */
  name: string
  columns: readonly (readonly [title: string, value: (line: Line, balance: number) => string])[]
  /** The lines of this kind, where they are not those of all trades. */
  moved?(lines: readonly Line[]): Line[]
  totalsHead: readonly string[]
  totals(lines: readonly Line[]): readonly string[]
  /** Behind the table. */
  footer(lines: readonly Line[]): readonly string[]
}

const sum = (lines: readonly Line[], value: (line: Line) => number): string =>
  yuan(lines.reduce((total, line) => total + value(line), 0))

const isRefund = ({ refund }: Line): boolean => refund !== undefined
const isPayment = (line: Line): boolean => !isRefund(line)
const comesIn = ({ amount }: Line): boolean => amount > 0
const leaves = ({ amount }: Line): boolean => amount < 0
const amountOf = ({ amount }: Line): number => amount

const empty = () => ''
const nothing = () => yuan(0)

/** `trade`: what was bought and given back. */
const trade: BillTable = {
  name: '业务明细',
  columns: [
    ['支付宝交易号', ({ trade: { tradeNo } }) => tradeNo],
    ['商户订单号', ({ trade: { order } }) => order.outTradeNo],
    ['业务类型', (line) => (isRefund(line) ? '退款' : '交易')],
    ['商品名称', ({ trade: { order } }) => order.subject],
    ['创建时间', ({ trade: { createdAt }, refund }) => beijingDateTime(refund?.createdAt ?? createdAt)],
    ['完成时间', ({ at }) => beijingDateTime(at)],
    ['门店编号', empty],
    ['门店名称', empty],
    ['操作员', empty],
    ['终端号', empty],
    ['对方账户', ({ paid: { buyer } }) => buyer.logonId],
    ['订单金额（元）', ({ amount }) => yuan(amount)],
    ['商家实收（元）', ({ amount }) => yuan(amount)],
    ['支付宝红包（元）', nothing],
    ['集分宝（元）', nothing],
    ['支付宝优惠（元）', ({ paid, refund }) => yuan(refund ? 0 : paid.couponFee)],
    ['商家优惠（元）', nothing],
    ['券核销金额（元）', nothing],
    ['券名称', empty],
    ['商家红包消费金额（元）', nothing],
    ['卡消费金额（元）', nothing],
    ['退款批次号/请求号', ({ refund }) => refund?.outRequestNo ?? ''],
    ['服务费（元）', ({ charge }) => yuan(charge)],
    ['分润（元）', nothing],
    ['备注', ({ refund }) => refund?.reason ?? ''],
  ],
  totalsHead: [
    ...['门店编号', '门店名称', '交易订单总笔数', '退款订单总笔数', '订单金额（元）', '商家实收（元）'],
    ...[
      '支付宝优惠（元）',
      '商家优惠（元）',
      '卡消费金额（元）',
      '服务费（元）',
      '分润（元）',
      '实收净额（元）',
    ],
  ],
  totals: (lines) => [
    ...['合计', '', String(lines.filter(isPayment).length), String(lines.filter(isRefund).length)],
    ...[sum(lines, amountOf), sum(lines, amountOf)],
    sum(lines.filter(isPayment), ({ paid }) => paid.couponFee),
    ...[yuan(0), yuan(0), sum(lines, ({ charge }) => charge), yuan(0)],
    sum(lines, ({ amount, charge }) => amount + charge),
  ],
  footer(lines) {
    const summary = (what: string, some: readonly Line[]) =>
      `#${what}合计：${some.length}笔，商家实收共${sum(some, amountOf)}元，商家优惠共${yuan(0)}元`
    return [summary('交易', lines.filter(isPayment)), summary('退款', lines.filter(isRefund))]
  },
}

/** `signcustomer`: what came into the account and went out of it. */
const account: BillTable = {
  name: '账务明细',
  columns: [
    [
      '账务流水号',
      ({ trade: { tradeNo }, refund, isCharge }) =>
        `${tradeNo}${refund?.outRequestNo ?? ''}${isCharge ? '9' : ''}`,
    ],
    ['业务流水号', ({ trade: { tradeNo } }) => tradeNo],
    ['商户订单号', ({ trade: { order } }) => order.outTradeNo],
    ['商品名称', ({ trade: { order } }) => order.subject],
    ['发生时间', ({ at }) => beijingDateTime(at)],
    ['对方账号', ({ paid: { buyer } }) => buyer.logonId],
    ['收入金额（+元）', ({ amount }) => yuan(Math.max(0, amount))],
    ['支出金额（-元）', ({ amount }) => yuan(Math.min(0, amount))],
    ['账户余额（元）', (_line, balance) => yuan(balance)],
    ['交易渠道', () => '支付宝'],
    ['业务类型', (line) => (line.isCharge ? '收费' : isRefund(line) ? '交易退款' : '在线支付')],
    ['备注', ({ refund, isCharge }) => (isCharge ? '手续费' : (refund?.reason ?? ''))],
  ],
  moved: (lines) =>
    lines.flatMap((line) =>
      line.charge === 0
        ? [line]
        : [line, { ...line, amount: line.charge, charge: 0, isCharge: true as const }],
    ),
  totalsHead: ['类型', '收入笔数', '收入金额（+元）', '支出笔数', '支出金额（-元）', '总金额（元）'],
  totals(lines) {
    const [inward, outward] = [lines.filter(comesIn), lines.filter(leaves)]
    const counted = (some: readonly Line[]) => [String(some.length), sum(some, amountOf)]
    return ['合计', ...counted(inward), ...counted(outward), sum(lines, amountOf)]
  },
  footer: (lines) => [
    `#支出合计：${lines.filter(leaves).length}笔，共${sum(lines.filter(leaves), amountOf)}元`,
    `#收入合计：${lines.filter(comesIn).length}笔，共${sum(lines.filter(comesIn), amountOf)}元`,
  ],
}

/** By `bill_type`. */
export const billTables: Readonly<Record<string, BillTable>> = { trade, signcustomer: account }

/** One movement of money: a payment, or what was given back of it. */
export interface Line {
  /** Milliseconds since the epoch. */
  at: number
  trade: Trade
  paid: Paid
  /** Fen; negative when money leaves. */
  amount: number
  /** Fen; what Alipay takes, negative, or gives back. */
  charge: number
  /** Absent in the line of a payment. */
  refund?: Refund
  /** What Alipay takes, as a movement of its own. */
  isCharge?: true
}

/** Fen that Alipay takes of a payment: 0.6 %, rounded to the nearest fen. A refund leaves it there. */
const chargeOf = (fen: number): number => -Math.floor((fen * 6 + 500) / 1000)

/** Everything that moved, in the order in which it happened. */
export function linesOf(trades: Trades): Line[] {
  const lines = trades.list().flatMap((trade): Line[] => {
    const { paid, refunds, order } = trade
    if (!paid) return []
    const done = refunds.flatMap((refund): Line[] =>
      refund.successAt === undefined
        ? []
        : [{ at: refund.successAt, trade, paid, refund, amount: -refund.fee, charge: 0 }],
    )
    return [{ at: paid.at, trade, paid, amount: order.totalFee, charge: chargeOf(order.totalFee) }, ...done]
  })
  return lines.sort((one, other) => one.at - other.at)
}
