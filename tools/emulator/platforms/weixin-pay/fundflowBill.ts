import { beijingDateTime, beijingDay } from '../../../../shared/clock.js'
import { billText, yuan } from './billText.js'
import type { Ledger } from './ledger.js'
import { chargeOf } from './tradeBill.js'

interface Flow {
  /** Milliseconds since the epoch. */
  at: number
  business: string
  /** The merchant's number of the order or refund. */
  voucher: string
  /** What the business is called, then what of it moved. */
  names: readonly [business: string, type: string]
  /** Fen; negative when money leaves. */
  amount: number
  note: string
}

const head = [
  ...['记账时间', '微信支付业务单号', '资金流水单号', '业务名称', '业务类型', '收支类型'],
  ...['收支金额（元）', '账户结余（元）', '资金变更提交申请人', '备注', '业务凭证号'],
]

const totalsHead = ['资金流水总笔数', '收入笔数', '收入金额', '支出笔数', '支出金额']

/** Fen in the account before the first order. */
const OPENING = 1_000_000_00

/** The movements of the basic account on a Beijing day (`yyyyMMdd`) as text; undefined when there were none. */
export function fundflowBill(ledger: Ledger, day: string): string | undefined {
  let balance = OPENING
  const booked = flowsOf(ledger).map((flow, at) => {
    balance += flow.amount
    return { ...flow, balance, id: `1900009231${String(at + 1).padStart(18, '0')}` }
  })
  const shown = booked.filter(({ at }) => beijingDay(at) === day)
  if (shown.length === 0) return undefined
  return billText({
    head,
    rows: shown.map(({ at, business, voucher, id, names, amount, balance: left, note }) => [
      ...[beijingDateTime(at), business, id, ...names, amount < 0 ? '支出' : '收入'],
      ...[yuan(Math.abs(amount)), yuan(left), 'system', note, voucher],
    ]),
    totalsHead,
    totals: totalsOf(shown),
  })
}

function totalsOf(flows: readonly Flow[]): string[] {
  const sum = (some: readonly Flow[]) => yuan(Math.abs(some.reduce((total, { amount }) => total + amount, 0)))
  const [inward, outward] = [
    flows.filter(({ amount }) => amount > 0),
    flows.filter(({ amount }) => amount < 0),
  ]
  return [String(flows.length), String(inward.length), sum(inward), String(outward.length), sum(outward)]
}

function flowsOf({ orders }: Ledger): Flow[] {
  const flows = orders.list().flatMap((order): Flow[] => {
    const { paid, refunds, terms } = order
    if (!paid) return []
    const taken = chargeOf({ order })
    const business = paid.transactionId
    const note = `结算总金额 ${yuan(terms.totalFee)} 元;含手续费 ${yuan(taken)} 元`
    const of = { at: paid.at, business, voucher: terms.outTradeNo, note }
    // What leaves for a refund is less the charge that comes back with it.
    const back = refunds
      .filter(({ state }) => state !== 'CLOSED')
      .map((refund): Flow => {
        const { refundFee, outRefundNo } = refund.request
        const returned = -chargeOf({ order, refund })
        const note = `退款总金额${yuan(refundFee)}元;含手续费${yuan(returned)}元`
        return {
          ...{ at: refund.createdAt, business: refund.refundId, voucher: outRefundNo },
          ...{ names: ['退款', '退款'], amount: returned - refundFee, note },
        }
      })
    return [
      { ...of, names: ['交易', '交易'], amount: terms.totalFee },
      { ...of, names: ['交易', '扣除交易手续费'], amount: -taken },
      ...back,
    ]
  })
  return flows.filter(({ amount }) => amount !== 0).sort((one, other) => one.at - other.at)
}
