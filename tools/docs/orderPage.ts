import { type OrderHappening, type OrderTrigger, orderMachine } from '../../shared/payment/orders/states.js'
import { refundContradictions, refundMachine } from '../../shared/payment/refunds/states.js'
import type { OrderState, RefundState } from '../../shared/store/port.js'
import { row, tableOf } from './table.js'
import type { Language } from './words.js'

/** The page about orders: the machines that the code decides by, drawn and as tables. */

type Bilingual = Readonly<Record<Language, string>>

const happenings: Readonly<Record<OrderHappening, { what: Bilingual; when: Bilingual }>> = {
  offered: {
    what: { en: 'offered', zh: '发起支付' },
    when: { en: 'its end has not come', zh: '订单尚未到期' },
  },
  paid: {
    what: { en: 'paid', zh: '已支付' },
    when: {
      en: 'amount, currency and transaction are those of the order, and something of it is left',
      zh: '金额、币种和交易号与订单一致，且款项未全部退回',
    },
  },
  paidInPart: {
    what: { en: 'paid, and given back in part', zh: '已支付，且部分退回' },
    when: { en: 'the same, and nobody says how much went back', zh: '同上，但无从得知退回了多少' },
  },
  givenBack: {
    what: { en: 'given back whole', zh: '全额退回' },
    when: { en: 'all of the total went back', zh: '订单金额已全部退回' },
  },
  givenBackByRefunds: {
    what: { en: 'given back whole, by refunds that are known', zh: '由已知的退款全额退回' },
    when: { en: 'the refunds that are done add up to the total', zh: '成功的退款合计等于订单金额' },
  },
  refundedInPart: {
    what: { en: 'refunded in part', zh: '部分退款' },
    when: { en: 'the refunds that are done add up to less than the total', zh: '成功的退款合计小于订单金额' },
  },
  closedThere: {
    what: { en: 'closed there', zh: '平台已关闭' },
    when: {
      en: 'the provider says CLOSED, and the refunds that are known are less than the total',
      zh: '平台答复 CLOSED，且已知退款不足订单金额',
    },
  },
  closedHere: {
    what: { en: 'closed here', zh: '在此关闭' },
    when: { en: 'the provider knows of no such order', zh: '平台查无此单' },
  },
}

const triggers: Readonly<Record<OrderTrigger, Bilingual>> = {
  getOrderInfo: { en: 'getOrderInfo', zh: 'getOrderInfo' },
  notice: { en: "a payment's notice", zh: '支付通知' },
  query: { en: 'a query, by a caller or the timer', zh: '查询（调用方或定时任务）' },
  refund: { en: 'the answer to a refund', zh: '退款申请的答复' },
  refundNotice: { en: "a refund's notice", zh: '退款通知' },
  refundQuery: { en: "a refund's query", zh: '退款查询' },
  closeOrder: { en: 'closeOrder', zh: 'closeOrder' },
  cancelOrder: { en: 'cancelOrder', zh: 'cancelOrder' },
  bill: { en: 'a query that a bill gave rise to', zh: '由账单引起的查询' },
  expiry: { en: 'the timer, once its end has come', zh: '到期后的定时任务' },
}

const words = {
  en: {
    title: 'Orders and refunds',
    other: '[简体中文](orders.zh-CN.md)',
    intro:
      'Made by `npm run docs` from the tables that the code decides by (`shared/payment/orders/states.ts`, `shared/payment/refunds/states.ts`); do not edit. What is not here changes nothing: messages come late, twice and out of order. A change and its event are one write of one document, and the history of an order keeps each change with its cause.',
    orders: 'Orders',
    refunds: 'Refunds',
    columns: 'in the table | what | when | from | to | event',
    refundColumns: 'from | to',
    triggers: 'cause, as the history names it | what it is',
    contradiction: 'contradiction',
    contradictions:
      'A contradiction moves nothing. The message is kept beside the order, the event `payment.contradiction` has both sides in it, and a notice is answered so that the provider comes again.',
    all: 'Any cause but `getOrderInfo`, unless the table of an order above says less: only `getOrderInfo` offers, only `closeOrder`, `cancelOrder` and `expiry` close here.',
    refundText:
      'A refund counts against its order unless it is closed; only one that succeeded was given back. Asking again makes REQUESTED of UNKNOWN, and of CLOSED where the provider never had it.',
  },
  zh: {
    title: '订单与退款',
    other: '[English](orders.md)',
    intro:
      '由 `npm run docs` 根据代码据以判断的表格（`shared/payment/orders/states.ts`、`shared/payment/refunds/states.ts`）生成，请勿手工修改。表中没有的，什么也不会改变：消息会迟到、重复、乱序。状态变化与其事件在同一文档的同一次写入中完成，订单历史保存每次变化及其原因。',
    orders: '订单',
    refunds: '退款',
    columns: '代码中的名称 | 发生了什么 | 条件 | 原状态 | 新状态 | 事件',
    refundColumns: '原状态 | 新状态',
    triggers: '历史中的原因 | 含义',
    contradiction: '矛盾',
    contradictions:
      '矛盾不改变任何状态。消息保存在订单之外，事件 `payment.contradiction` 包含双方的说法；若是通知，则答复平台失败，使其再次通知。',
    all: '除 `getOrderInfo` 外的任何原因均可，上表另有限定的除外：只有 `getOrderInfo` 能发起支付，只有 `closeOrder`、`cancelOrder` 与 `expiry` 能在此关闭订单。',
    refundText:
      '除已关闭的以外，退款都占用订单金额；只有成功的退款才算已退回。再次申请会使 UNKNOWN 变为 REQUESTED；平台从未受理的 CLOSED 亦然。',
  },
} as const

type Move = readonly [to: OrderState, event?: string] | 'contradiction'

const movesOf = (what: OrderHappening): [OrderState, Move][] =>
  Object.entries(orderMachine[what].moves) as [OrderState, Move][]

export function orderPage(language: Language): string {
  const say = words[language]
  const whats = Object.keys(orderMachine) as OrderHappening[]
  const moves = whats.flatMap((what) =>
    movesOf(what).map(([from, move]) => ({
      name: what,
      what: happenings[what].what[language],
      when: happenings[what].when[language],
      from,
      move,
    })),
  )
  const rows = moves.map(({ name, what, when, from, move }) => {
    const [to, event] = move === 'contradiction' ? [say.contradiction] : move
    return row(`\`${name}\``, what, when, from, to, event === undefined ? '' : `\`${event}\``)
  })
  const causes = Object.entries(triggers).map(([name, text]) => row(`\`${name}\``, text[language]))
  const refunds = Object.entries(refundMachine) as [RefundState, readonly RefundState[]][]
  const refundRows = refunds.map(([from, to]) =>
    row(
      from,
      [...to, ...(refundContradictions[from] ?? []).map((state) => `${state}: ${say.contradiction}`)].join(
        ', ',
      ),
    ),
  )
  return [
    `# ${say.title}\n\n${say.other}\n\n${say.intro}\n`,
    `## ${say.orders}\n\n${diagram(arrows(moves))}\n`,
    tableOf(say.columns, rows),
    `${say.all}\n`,
    tableOf(say.triggers, causes),
    `${say.contradictions}\n`,
    `## ${say.refunds}\n\n${diagram(refunds.flatMap(([from, to]) => to.map((state) => `${from} --> ${state}`)))}\n`,
    `${say.refundText}\n`,
    tableOf(say.refundColumns, refundRows),
  ].join('\n')
}

/** One arrow for all that leads from one state to another. */
function arrows(moves: readonly { name: string; from: OrderState; move: Move }[]): string[] {
  const labels = new Map<string, string[]>()
  for (const { name, from, move } of moves) {
    if (move === 'contradiction') continue
    const arrow = `${from} --> ${move[0]}`
    labels.set(arrow, [...(labels.get(arrow) ?? []), name])
  }
  return [...labels].map(([arrow, names]) => `${arrow}: ${names.join(', ')}`)
}

/** https://mermaid.js.org/syntax/stateDiagram.html */
const diagram = (lines: readonly string[]): string =>
  `\`\`\`mermaid\nstateDiagram-v2\n${lines.map((line) => `  ${line}`).join('\n')}\n\`\`\``
