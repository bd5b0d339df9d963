import { Tally } from '../../../../money.js'
import { billRefused } from '../../../bill.js'
import { type AlipayTable, trimmed } from './alipay.js'
import { numberAt } from './captions.js'
import type { FlowRow } from './row.js'

/**
 * Alipay's `signcustomer` bill: all that moved on the account. What leaves is written with a minus in some bills and
 * without in others: the column says which way it went.
 */
export const alipayFlow: AlipayTable<FlowRow> = {
  details: '#支付宝账务明细查询',
  summary: '#支付宝账务汇总查询',
  tally: () => new Tally(['inCount', 'in', 'outCount', 'out']),
  anchor: (captions) => ({
    name: captions.need('商品名称'),
    times: [captions.need('发生时间')],
    remark: captions.at('备注'),
  }),
  reader(captions, tally) {
    const at = {
      flowNo: captions.need('账务流水号'),
      businessNo: captions.need('业务流水号'),
      outNo: captions.at('商户订单号'),
      time: captions.need('发生时间'),
      in: captions.need('收入金额(+元)'),
      out: captions.need('支出金额(-元)'),
      type: captions.need('业务类型'),
    }
    return (fields, line) => {
      const text = (column: number): string => trimmed(fields[column])
      const moved = (column: number): number => {
        const value = text(column)
        return value === '' ? 0 : Math.abs(numberAt(value, 2, line))
      }
      const [inward, outward] = [moved(at.in), moved(at.out)]
      if (inward !== 0 && outward !== 0) throw billRefused(`moves both ways in line ${line}`)
      const isOut = outward !== 0
      tally.add(isOut ? 2 : 0, 1)
      tally.add(isOut ? 3 : 1, inward + outward)
      return {
        line,
        time: text(at.time),
        businessNo: text(at.businessNo),
        flowNo: text(at.flowNo),
        type: text(at.type),
        moved: inward - outward,
        outNo: text(at.outNo),
      }
    }
  },
  footer(line) {
    const [, what, count, sum] = /^#(支出|收入)合计：(\d+)笔，共-?([\d.]+)元/.exec(line) ?? []
    if (what === undefined || count === undefined || sum === undefined) return []
    const name = what === '支出' ? 'out' : 'in'
    return [
      { name: `${name}Count`, places: 0, text: count, caption: `${what}合计` },
      { name, places: 2, text: sum, caption: `${what}合计金额` },
    ]
  },
  totals(captions, fields) {
    const stated = [
      { name: 'inCount', places: 0, caption: '收入笔数' },
      { name: 'in', places: 2, caption: '收入金额(+元)' },
      { name: 'outCount', places: 0, caption: '支出笔数' },
      { name: 'out', places: 2, caption: '支出金额(-元)' },
    ] as const
    return stated.flatMap((each) => {
      const column = captions.at(each.caption)
      return column === -1 ? [] : [{ ...each, text: (fields[column] ?? '').replace(/^-/, '') }]
    })
  },
}
