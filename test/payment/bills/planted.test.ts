import t, { type Test } from 'tap'
import { allDifferences } from '../../../shared/payment/reconcile/bills/reports.js'
import type { BillReport } from '../../../shared/store/port.js'
import { NEXT_REFUND_MS, ORDER_NO, openShop, providers, type Shop } from '../shop.js'
import { type Planted, type Row, reconcilePlanted } from './planting.js'

/** Bills that say something else than the orders, whichever provider: each kind of difference is found by its name. */

const DAY = '20500101'

const named = (number: string) => (row: Row) => (row.商户订单号 ?? row.业务凭证号) === number
const isRefund = (row: Row) => (row.商户退款单号 ?? row['退款批次号/请求号'] ?? '0').startsWith('R')
const withFields = (row: Row | undefined, fields: Row): Row => ({ ...row, ...fields })

async function found({ house }: Shop, report: BillReport): Promise<string[]> {
  const all: string[] = []
  for await (const { type, outTradeNo, outRefundNo, bill, resolved } of allDifferences(
    house.store,
    report.id,
  )) {
    const words = [type, outTradeNo, outRefundNo, bill, resolved && 'resolved']
    all.push(words.filter((word) => word !== undefined).join(' '))
  }
  return all.sort()
}

/** A day with orders A1 to A8, A9 that nobody paid, and a refund R1 of the usual order; the next morning. */
async function tradingDay(t: Test, provider: Shop['provider']): Promise<Shop> {
  const shop = await openShop(t, provider)
  for (let n = 1; n <= 8; n++) await shop.pay(`ORDER_A${n}`, 10_000 + n)
  await shop.place('ORDER_A9', 10_001)
  await shop.pay()
  await shop.refund('R1', 500)
  await shop.house.clock.advance(NEXT_REFUND_MS)
  await shop.house.server('refundQuery', { outTradeNo: ORDER_NO, outRefundNo: 'R1' })
  await shop.house.clock.advance(27 * 3600 * 1000)
  return shop
}

for (const provider of providers) {
  const isAlipay = provider === 'alipay'
  const [transaction, charge, amount, asked] = isAlipay
    ? (['支付宝交易号', '服务费（元）', '订单金额（元）', '订单金额（元）'] as const)
    : (['微信订单号', '手续费', '订单金额', '申请退款金额'] as const)

  t.test(`${provider}: what is planted in the bills is found, and nothing else`, async (t) => {
    const shop = await tradingDay(t, provider)
    const { house } = shop
    t.strictSame(await found(shop, await reconcilePlanted(shop, DAY, {})), [], 'nothing but what is planted')

    const trade = (rows: Row[]): Row[] => {
      const [a1] = rows.filter(named('ORDER_A1'))
      const changes: Readonly<Record<string, (row: Row) => Row[]>> = {
        ORDER_A1: (row) => [row, row],
        ORDER_A2: () => [],
        ORDER_A3: (row) => [withFields(row, { [amount]: '999.00' })],
        ORDER_A4: (row) => [withFields(row, { [charge]: isAlipay ? '-9.99' : '9.99000' })],
        ORDER_A5: (row) => [isAlipay ? row : withFields(row, { 公众账号ID: 'wx00000000000000ff' })],
        ORDER_A6: (row) => [isAlipay ? row : withFields(row, { 交易状态: 'REVOKED' })],
        [ORDER_NO]: (row) => [
          isRefund(row) ? withFields(row, { [asked]: isAlipay ? '-4.00' : '4.00' }) : row,
        ],
      }
      return [
        ...rows.flatMap((row) => changes[row.商户订单号 ?? '']?.(row) ?? [row]),
        withFields(a1, { 商户订单号: 'UNKNOWN1', [transaction]: '4200000000000000000000000001' }),
        withFields(a1, { 商户订单号: 'ORDER_A9', [transaction]: '4200000000000000000000000002' }),
        withFields(rows.find(isRefund), {
          ...(isAlipay ? { '退款批次号/请求号': 'R9' } : { 商户退款单号: 'R9', 微信退款单号: '50000009' }),
        }),
      ]
    }
    const report = await reconcilePlanted(shop, DAY, { trade })
    const ofWeixin = ['fee ORDER_A4', 'foreign-app ORDER_A5', 'state ORDER_A6']
    t.strictSame(
      await found(shop, report),
      [
        'amount ORDER_A3',
        'duplicate ORDER_A1',
        'fee ORDER_A4 fundflow',
        'missing-here UNKNOWN1',
        'missing-there ORDER_A2',
        'missing-there ORDER_A2 fundflow',
        'missing-there ORDER_A9 fundflow',
        'missing-there UNKNOWN1 fundflow',
        `refund-amount ${ORDER_NO} R1`,
        `refund-missing ${ORDER_NO} R9`,
        'state ORDER_A9',
        ...(isAlipay ? [] : ofWeixin),
      ].sort(),
    )
    t.equal((await house.order('ORDER_A9')).state, 'CREATED', 'a bill alone moves nothing')
    t.match(report, { state: 'done', totals: [], flows: { state: 'compared' } })
  })

  t.test(`${provider}: what is planted in the fund-flow bill alone`, async (t) => {
    const shop = await tradingDay(t, provider)
    const [coming, leaving] = isAlipay
      ? (['收入金额（+元）', '支出金额（-元）'] as const)
      : (['收支金额（元）', '收支金额（元）'] as const)
    const isCharge = (row: Row) => /手续费|收费/.test(row.业务类型 ?? '')
    const fundflow: NonNullable<Planted['fundflow']> = (rows) => {
      const changes: Readonly<Record<string, (row: Row) => Row[]>> = {
        ORDER_A1: (row) => (isCharge(row) ? [row] : []),
        ORDER_A2: (row) => [isCharge(row) ? row : withFields(row, { [coming]: '1.00' })],
        ORDER_A3: (row) => [isCharge(row) ? withFields(row, { [leaving]: '0.99' }) : row],
      }
      const [a4] = rows.filter(named('ORDER_A4'))
      const strange: Row = isAlipay
        ? { 业务流水号: '2050000000000009', 商户订单号: 'ELSEWHERE' }
        : { 微信支付业务单号: '4200000000000009', 业务凭证号: 'ELSEWHERE' }
      return [
        ...rows
          .filter((row) => !isAlipay || row.业务类型 !== '交易退款')
          .flatMap((row) => changes[row.商户订单号 ?? row.业务凭证号 ?? '']?.(row) ?? [row])
          .map((row) => (row.业务类型 === '退款' ? withFields(row, { [leaving]: '1.23' }) : row)),
        withFields(a4, strange),
      ]
    }
    const report = await reconcilePlanted(shop, DAY, { fundflow })
    t.strictSame(await found(shop, report), [
      'amount ORDER_A2 fundflow',
      'fee ORDER_A3 fundflow',
      'missing-here ELSEWHERE fundflow',
      'missing-there ORDER_A1 fundflow',
      `${isAlipay ? 'refund-missing' : 'refund-amount'} ${ORDER_NO} R1 fundflow`,
    ])
  })
}
