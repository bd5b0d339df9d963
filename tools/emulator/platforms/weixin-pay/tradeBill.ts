import { beijingDateTime, beijingDay } from '../../../../shared/clock.js'
import { type BillTable, billText, charge, chargeText, yuan } from './billText.js'
import type { Ledger } from './ledger.js'
import type { Refund } from './order.js'
import { couponFee, type Order, type Paid } from './order.js'

export const billKinds = ['ALL', 'SUCCESS', 'REFUND'] as const

export type BillKind = (typeof billKinds)[number]

interface Line {
  /** Milliseconds since the epoch. */
  at: number
  order: Order
  paid: Paid
  /** Absent in the line of a payment. */
  refund?: Refund
}

interface Column {
  title: string
  /** In which bills it stands; by default in all. */
  kinds?: readonly BillKind[]
  value(line: Line, mchId: string): string
}

const refundKinds: readonly BillKind[] = ['ALL', 'REFUND']
const NONE = '0.00'

/** A refund that was closed moved nothing, and is in no bill. */
const refundStates: Readonly<Record<Refund['state'], string>> = {
  PROCESSING: 'PROCESSING',
  SUCCESS: 'SUCCESS',
  ABNORMAL: 'CHANGE',
  CLOSED: 'FAIL',
}

/** Fen of WeChat Pay's charge; a refund gives back its part, and all of them together all of it. */
export const chargeOf = ({ order, refund }: Pick<Line, 'order' | 'refund'>): number =>
  refund
    ? charge(refund.before) - charge(refund.before + refund.request.refundFee)
    : charge(order.terms.totalFee)

const columns: readonly Column[] = [
  { title: '交易时间', value: ({ at }) => beijingDateTime(at) },
  { title: '公众账号ID', value: ({ order }) => order.terms.appId },
  { title: '商户号', value: (_line, mchId) => mchId },
  { title: '特约商户号', value: () => '0' },
  { title: '设备号', value: ({ order }) => order.terms.deviceInfo ?? '' },
  { title: '微信订单号', value: ({ paid }) => paid.transactionId },
  { title: '商户订单号', value: ({ order }) => order.terms.outTradeNo },
  { title: '用户标识', value: ({ paid }) => paid.openid },
  { title: '交易类型', value: ({ order }) => order.terms.tradeType },
  { title: '交易状态', value: ({ refund }) => (refund ? 'REFUND' : 'SUCCESS') },
  { title: '付款银行', value: () => 'OTHERS' },
  { title: '货币种类', value: () => 'CNY' },
  { title: '应结订单金额', value: ({ order, refund }) => (refund ? NONE : yuan(order.terms.totalFee)) },
  { title: '代金券金额', value: ({ paid, refund }) => (refund ? NONE : yuan(couponFee(paid))) },
  { title: '退款申请时间', kinds: ['REFUND'], value: ({ at }) => beijingDateTime(at) },
  {
    title: '退款成功时间',
    kinds: ['REFUND'],
    value: ({ refund }) => (refund?.successAt === undefined ? '' : beijingDateTime(refund.successAt)),
  },
  { title: '微信退款单号', kinds: refundKinds, value: ({ refund }) => refund?.refundId ?? '0' },
  { title: '商户退款单号', kinds: refundKinds, value: ({ refund }) => refund?.request.outRefundNo ?? '0' },
  { title: '退款金额', kinds: refundKinds, value: ({ refund }) => yuan(refund?.request.refundFee ?? 0) },
  { title: '充值券退款金额', kinds: refundKinds, value: () => NONE },
  { title: '退款类型', kinds: refundKinds, value: ({ refund }) => (refund ? 'ORIGINAL' : '') },
  {
    title: '退款状态',
    kinds: refundKinds,
    value: ({ refund }) => (refund ? refundStates[refund.state] : ''),
  },
  { title: '商品名称', value: ({ order }) => order.terms.description },
  { title: '商户数据包', value: ({ order }) => order.terms.attach ?? '' },
  { title: '手续费', value: (line) => chargeText(chargeOf(line)) },
  { title: '费率', value: () => '0.60%' },
  { title: '订单金额', value: ({ order, refund }) => (refund ? NONE : yuan(order.terms.totalFee)) },
  { title: '申请退款金额', kinds: refundKinds, value: ({ refund }) => yuan(refund?.request.refundFee ?? 0) },
  { title: '费率备注', value: () => '' },
]

const totalsHead = [
  ...['总交易单数', '应结订单总金额', '退款总金额', '充值券退款总金额'],
  ...['手续费总金额', '订单总金额', '申请退款总金额'],
]

/** The trades of a Beijing day (`yyyyMMdd`) as text; undefined when there were none. */
export function tradeBill(ledger: Ledger, mchId: string, day: string, kind: BillKind): string | undefined {
  const lines = linesOf(ledger, kind).filter(({ at }) => beijingDay(at) === day)
  if (lines.length === 0) return undefined
  const shown = columns.filter(({ kinds = billKinds }) => kinds.includes(kind))
  return billText({
    head: shown.map(({ title }) => title),
    rows: lines.map((line) => shown.map(({ value }) => value(line, mchId))),
    totalsHead,
    totals: totalsOf(lines),
  })
}

function totalsOf(lines: readonly Line[]): BillTable['totals'] {
  const sum = (value: (line: Line) => number) => lines.reduce((total, line) => total + value(line), 0)
  const paid = yuan(sum(({ order, refund }) => (refund ? 0 : order.terms.totalFee)))
  const back = yuan(sum(({ refund }) => refund?.request.refundFee ?? 0))
  return [String(lines.length), paid, back, NONE, chargeText(sum(chargeOf)), paid, back]
}

/** Payments by the time of payment, refunds by the time they were asked for. */
function linesOf({ orders }: Ledger, kind: BillKind): Line[] {
  const lines = orders.list().flatMap((order): Line[] => {
    const { paid, refunds } = order
    if (!paid) return []
    const back = refunds.filter(({ state }) => state !== 'CLOSED')
    return [
      ...(kind === 'REFUND' ? [] : [{ at: paid.at, order, paid }]),
      ...(kind === 'SUCCESS' ? [] : back.map((refund) => ({ at: refund.createdAt, order, paid, refund }))),
    ]
  })
  return lines.sort((one, other) => one.at - other.at)
}
