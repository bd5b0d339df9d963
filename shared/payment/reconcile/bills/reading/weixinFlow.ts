import { Tally } from '../../../../money.js'
import { billRefused } from '../../../bill.js'
import { numberAt } from './captions.js'
import type { FlowRow } from './row.js'
import type { WeixinTable } from './weixin.js'

const directions = { 收入: 1, 支出: -1 } as const

/**
 * WeChat Pay's fund-flow bill of one account. Amounts are positive in it, and a column says which way they went.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012791908
 */
export const weixinFlow: WeixinTable<FlowRow> = {
  totalsBegin: '资金流水总笔数',
  totals: {
    资金流水总笔数: { name: 'count', places: 0 },
    收入笔数: { name: 'inCount', places: 0 },
    收入金额: { name: 'in', places: 2 },
    支出笔数: { name: 'outCount', places: 0 },
    支出金额: { name: 'out', places: 2 },
  },
  reader(captions) {
    const tally = new Tally(['count', 'inCount', 'in', 'outCount', 'out'])
    const at = {
      time: captions.need('记账时间'),
      businessNo: captions.need('微信支付业务单号'),
      flowNo: captions.need('资金流水单号'),
      type: captions.need('业务类型'),
      direction: captions.need('收支类型'),
      moved: captions.need('收支金额(元)'),
      outNo: captions.need('业务凭证号'),
    }
    return {
      tally,
      row(fields, line) {
        const text = (column: number): string => fields[column] ?? ''
        const sign = directions[text(at.direction) as keyof typeof directions]
        if (sign === undefined) throw billRefused(`has a movement without a direction in line ${line}`)
        const moved = numberAt(text(at.moved), 2, line)
        tally.add(0, 1)
        tally.add(sign === 1 ? 1 : 3, 1)
        tally.add(sign === 1 ? 2 : 4, moved)
        return {
          line,
          time: text(at.time),
          businessNo: text(at.businessNo),
          flowNo: text(at.flowNo),
          type: text(at.type),
          moved: sign * moved,
          outNo: text(at.outNo),
        }
      },
    }
  },
}
