import { styleText } from 'node:util'
import type { BillReport, DifferenceType, StoredDifference } from '../../shared/store/port.js'
import { printable } from '../command/index.js'
import type { Language } from '../doctor/command.js'
import { yuan } from './csv.js'
import type { AccountResult } from './run.js'

/** More than these of a merchant are in the CSV alone. */
const MOST_SHOWN = 30

const texts = {
  en: {
    rows: '{rows} rows, {agreed} agree, {resolved} settled by asking, {open} open',
    none: 'no trades on that day',
    flows: {
      compared: 'fund-flow bill compared too',
      none: 'nothing moved on the account',
      unavailable: 'no fund-flow bill: {why}',
    },
    waiting: 'the bill is not made yet: again in half an hour',
    busy: 'another call is at it: again in two minutes',
    stopped: 'stopped: the same command goes on here',
    totals:
      'the bill contradicts itself, nothing was settled on it: {caption} says {stated}, its rows {found}',
    more: '{count} more in the file',
    fine: 'Nothing is open.',
    open: '{count} open.',
    file: 'Differences: {file}',
    here: 'here',
    there: 'there',
    line: 'line',
  },
  zh: {
    rows: '{rows} 行，相符 {agreed}，查询后解决 {resolved}，待处理 {open}',
    none: '当日没有交易',
    flows: {
      compared: '资金账单已核对',
      none: '账户当日没有变动',
      unavailable: '没有资金账单：{why}',
    },
    waiting: '账单尚未生成：请半小时后再试',
    busy: '另一个调用正在核对：请两分钟后再试',
    stopped: '已停止：再次运行同一命令即可继续',
    totals: '账单自相矛盾，未据此处理：{caption} 为 {stated}，各行之和为 {found}',
    more: '另有 {count} 项见文件',
    fine: '没有待处理的差异。',
    open: '待处理 {count} 项。',
    file: '差异明细：{file}',
    here: '本地',
    there: '账单',
    line: '行',
  },
} as const

const typesInChinese: Readonly<Record<DifferenceType, string>> = {
  'missing-here': '本地无此订单',
  'missing-there': '账单缺少',
  amount: '金额不符',
  state: '状态不符',
  fee: '手续费不符',
  'refund-missing': '退款仅一方有',
  'refund-amount': '退款金额不符',
  duplicate: '重复',
  'foreign-app': '其他应用',
}

const filled = (text: string, values: Readonly<Record<string, unknown>>): string =>
  text.replace(/\{(\w+)\}/g, (_all, name: string) => String(values[name] ?? ''))

/** What a person still has to look at: open differences, contradicting sums, and bills that were not compared. */
export const openIn = (results: readonly AccountResult[]): number =>
  results.reduce(
    (count, { report, differences }) =>
      count +
      differences.filter(({ resolved }) => !resolved).length +
      (report?.state === 'done' ? report.totals.length : 1),
    results.length === 0 ? 1 : 0,
  )

export interface ReportOptions {
  language: Language
  colour: boolean
  day: string
  isStopped: boolean
  file: string | undefined
}

/** The report for people: the merchants, what is open of each, and how it ends. */
export function plainReport(results: readonly AccountResult[], options: ReportOptions): string {
  const { language, colour, day, file } = options
  const text = texts[language]
  const paint = (style: 'bold' | 'red' | 'green' | 'dim', words: string) =>
    colour ? styleText(style, words, { validateStream: false }) : words
  const lines = results.flatMap((result) => {
    const { account, report, failure } = result
    const open = result.differences.filter(({ resolved }) => !resolved)
    const resolved = result.differences.length - open.length
    return [
      paint('bold', `${day} ${account.provider} ${account.merchantId}`),
      ...(failure ? [paint('red', `  ✗ ${printable(`${failure.errCode}: ${failure.errMsg}`)}`)] : []),
      ...(report ? stateOf(report, { open: open.length, resolved }, options) : []),
      ...open
        .slice(0, MOST_SHOWN)
        .map((difference) => `  ${paint('red', '✗')} ${printable(shown(difference, language))}`),
      ...(open.length > MOST_SHOWN ? [`  ${filled(text.more, { count: open.length - MOST_SHOWN })}`] : []),
      '',
    ]
  })
  const count = openIn(results)
  const end = count === 0 ? paint('green', text.fine) : paint('red', filled(text.open, { count }))
  return `${[...lines, end, ...(file ? [filled(text.file, { file })] : [])].join('\n')}\n`
}

function stateOf(
  report: BillReport,
  counts: { open: number; resolved: number },
  { language, isStopped }: ReportOptions,
): string[] {
  const text = texts[language]
  const { state, rows, agreed, totals, flows, sha1 } = report
  if (state !== 'done')
    return [`  ${state === 'waiting' ? text.waiting : isStopped ? text.stopped : text.busy}`]
  const why = flows?.errCode ?? ''
  return [
    `  ${sha1 === undefined ? text.none : filled(text.rows, { rows, agreed, ...counts })}`,
    ...(flows ? [`  ${filled(text.flows[flows.state], { why })}`] : []),
    ...totals.map((total) => printable(`  ✗ ${filled(text.totals, { ...total })}`)),
  ]
}

function shown(difference: StoredDifference, language: Language): string {
  const { type, outTradeNo, outRefundNo, transactionId, here, there, line, why } = difference
  const text = texts[language]
  const numbers = [outTradeNo, outRefundNo, transactionId].filter(Boolean).join(' ')
  const amounts = [
    ...(here === undefined ? [] : [`${text.here} ${yuan(here)}`]),
    ...(there === undefined ? [] : [`${text.there} ${yuan(there)}`]),
    ...(line === undefined ? [] : [`${text.line} ${line}`]),
  ]
  const name = language === 'zh' ? `${typesInChinese[type]} (${type})` : type
  return [name.padEnd(15), numbers, ...(amounts.length > 0 ? [`(${amounts.join(', ')})`] : []), why].join(
    '  ',
  )
}
