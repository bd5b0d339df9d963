import { fen, fenToYuan, sumOf } from '../../../shared/money.js'
import type { OrderRecord, RefundEntry } from '../../../shared/store/port.js'
import { stateOf } from '../../../shared/store/revisions.js'
import { type LocalPlatforms, type ProviderName, providerNames } from '../../emulator/platforms/index.js'
import type { OrderView, RefundView } from '../../emulator/platforms/payment.js'
import type { MerchantEvent } from '../merchant.js'

/** The books of the payment systems and those of the store, held against each other order by order. */

/** What one side says of one provider's orders; amounts in fen. */
export interface Book {
  provider: ProviderName
  orders: number
  paid: number
  paidFee: number
  refunds: number
  refundedFee: number
}

export interface Books {
  there: Book[]
  here: Book[]
  /** What does not agree, each in a sentence; empty when the books do. */
  problems: string[]
}

/** How each system is called in the state of the local platforms. */
const platformNames: Readonly<Record<ProviderName, string>> = {
  'weixin-v2': 'weixin-pay-v2',
  'weixin-v3': 'weixin-pay-v3',
  alipay: 'alipay',
}

interface There {
  orders: OrderView[]
  refunds: RefundView[]
}

/** What the platforms have of one provider. */
export function stateThere(platforms: LocalPlatforms, provider: ProviderName): There {
  const state = platforms.state()[platformNames[provider]] as Partial<There> | undefined
  return { orders: state?.orders ?? [], refunds: state?.refunds ?? [] }
}

/**
 * Compares both sides. `ours`: every order that was made here; `events`: what the merchant took, each id once. What
 * the platforms alone have is a problem too, unless `isForeign` says that it was made elsewhere.
 */
export function compareBooks(
  platforms: LocalPlatforms,
  ours: readonly OrderRecord[],
  events: readonly MerchantEvent[],
  isForeign: (outTradeNo: string) => boolean = () => false,
): Books {
  const books: Books = { there: [], here: [], problems: [] }
  const eventsOf = grouped(events, ({ data }) => String(data.outTradeNo))
  for (const provider of providerNames) {
    const there = stateThere(platforms, provider)
    const records = new Map(
      ours.filter((order) => order.provider === provider).map((order) => [order.outTradeNo, order]),
    )
    const refundsOf = grouped(there.refunds, ({ outTradeNo }) => outTradeNo)
    for (const order of there.orders) {
      const record = records.get(order.outTradeNo)
      if (isForeign(order.outTradeNo)) continue
      if (!record) {
        if (isPaidThere(order)) books.problems.push(`${order.outTradeNo}: paid there, and unknown here`)
        continue
      }
      records.delete(order.outTradeNo)
      const refunds = refundsOf.get(order.outTradeNo) ?? []
      const about = eventsOf.get(order.outTradeNo) ?? []
      books.problems.push(
        ...differences(order, refunds, record, about).map((why) => `${order.outTradeNo}: ${why}`),
      )
    }
    for (const record of records.values()) {
      if (isPaidHere(record)) books.problems.push(`${record.outTradeNo}: paid here, and unknown there`)
    }
    books.there.push(bookThere(provider, there, isForeign))
    books.here.push(
      bookHere(
        provider,
        ours.filter((order) => order.provider === provider),
      ),
    )
  }
  return books
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item)) ?? []
    groups.set(keyOf(item), group)
    group.push(item)
  }
  return groups
}

const isPaidThere = ({ transactionId }: OrderView): boolean => transactionId !== undefined

const isPaidHere = ({ state }: OrderRecord): boolean =>
  state === 'PAID' || state === 'PARTIALLY_REFUNDED' || state === 'REFUNDED'

function differences(
  there: OrderView,
  refunds: readonly RefundView[],
  here: OrderRecord,
  events: readonly MerchantEvent[],
): string[] {
  const found: string[] = []
  const says = (holds: boolean, otherwise: string) => {
    if (!holds) found.push(otherwise)
  }
  const isPaid = isPaidThere(there)
  says(isPaid === isPaidHere(here), `${isPaid ? 'paid' : there.state} there, ${here.state} here`)
  const paidTimes = here.history.filter(({ to }) => to === 'PAID').length
  says(paidTimes === (isPaid ? 1 : 0), `became PAID ${paidTimes} times`)
  if (isPaid) {
    says(
      here.transactionId === there.transactionId,
      `transaction ${there.transactionId}, here ${here.transactionId}`,
    )
    says(here.totalFee === there.totalFee, `${there.totalFee} fen there, ${here.totalFee} here`)
  }
  const given = refunds.filter(({ state }) => state === 'SUCCESS')
  const taken = here.refunds.filter(({ state }) => state === 'SUCCEEDED')
  says(
    refundText(given) === refundText(taken),
    `refunds there ${refundText(given)}, here ${refundText(taken)}`,
  )
  for (const { outRefundNo, state } of here.refunds.filter(isOpen))
    says(false, `refund ${outRefundNo} is ${state}`)
  for (const event of here.events) {
    says(stateOf(event) === 'delivered', `the event ${event.type} is ${stateOf(event)}`)
  }
  const paidEvents = events.filter(({ type }) => type === 'payment.paid' || type === 'payment.paidAfterClose')
  says(paidEvents.length === (isPaid ? 1 : 0), `${paidEvents.length} events say that it is paid`)
  for (const { outRefundNo } of given) {
    const refundEvents = events.filter(
      ({ type, data }) => type === 'refund.succeeded' && data.outRefundNo === outRefundNo,
    )
    says(refundEvents.length === 1, `${refundEvents.length} events say that ${outRefundNo} was given back`)
  }
  for (const { type } of events.filter(({ type }) => isWarning.has(type)))
    says(false, `the merchant was told ${type}`)
  return found
}

/** What nobody should be told of where both sides behave. */
const isWarning: ReadonlySet<string> = new Set(['payment.contradiction', 'payment.unmatched'])

const isOpen = ({ state }: RefundEntry): boolean => state !== 'SUCCEEDED' && state !== 'CLOSED'

const refundText = (refunds: readonly Pick<RefundView, 'outRefundNo' | 'refundFee'>[]): string =>
  refunds
    .map(({ outRefundNo, refundFee }) => `${outRefundNo}=${refundFee}`)
    .sort()
    .join(' ') || 'none'

function bookThere(provider: ProviderName, there: There, isForeign: (outTradeNo: string) => boolean): Book {
  const orders = there.orders.filter(({ outTradeNo }) => !isForeign(outTradeNo))
  const paid = orders.filter(isPaidThere)
  const given = there.refunds.filter(({ state, outTradeNo }) => state === 'SUCCESS' && !isForeign(outTradeNo))
  return {
    ...{ provider, orders: orders.length, paid: paid.length },
    paidFee: sumOf(...paid.map(({ totalFee }) => fen(totalFee))),
    refunds: given.length,
    refundedFee: sumOf(...given.map(({ refundFee }) => fen(refundFee))),
  }
}

function bookHere(provider: ProviderName, orders: readonly OrderRecord[]): Book {
  const paid = orders.filter(isPaidHere)
  const given = orders.flatMap(({ refunds }) => refunds.filter(({ state }) => state === 'SUCCEEDED'))
  return {
    ...{ provider, orders: orders.length, paid: paid.length },
    paidFee: sumOf(...paid.map(({ totalFee }) => totalFee)),
    refunds: given.length,
    refundedFee: sumOf(...given.map(({ refundFee }) => refundFee)),
  }
}

/** Both sides as a table of text, a row for each provider. */
export function printedBooks({ there, here }: Books): string {
  const row = (cells: readonly string[]) =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(11) : cell.padStart(13))).join('')
  const cellsOf = ({ orders, paid, paidFee, refunds, refundedFee }: Book) => [
    ...[String(orders), String(paid), fenToYuan(fen(paidFee)), String(refunds), fenToYuan(fen(refundedFee))],
  ]
  const lines = there.flatMap((book, i) => {
    const other = here[i]
    const rows = [row([book.provider, 'there', ...cellsOf(book)])]
    return other ? [...rows, row(['', 'here', ...cellsOf(other)])] : rows
  })
  return [row(['', '', 'orders', 'paid', 'yuan', 'refunds', 'yuan']), ...lines].join('\n')
}
