import { type Document, type Documents, MAX_PAGE, plain } from './documents.js'

/** What a comparison of a provider's bill with the orders found. */
export type DifferenceType =
  /** In the bill, and no such order here. */
  | 'missing-here'
  /** Paid here, and not in the bill. */
  | 'missing-there'
  | 'amount'
  | 'state'
  | 'fee'
  /** A refund that only one side has. */
  | 'refund-missing'
  | 'refund-amount'
  /** Twice in the bill, or paid twice. */
  | 'duplicate'
  /** Of another application than the order's, or than any of the merchant's here. */
  | 'foreign-app'

export interface Difference {
  type: DifferenceType
  outTradeNo: string
  outRefundNo?: string
  transactionId?: string
  /** In a sentence. */
  why: string
  /** In fen: what the bill says, and what stands here. */
  there?: number
  here?: number
  /** Where it was found in the fund-flow bill: `here` is then what the trade bill says of it. */
  bill?: 'fundflow'
  /** Line of the bill, from 1. */
  line?: number
  /** That it is no more: the provider was asked, and its answer applied. */
  resolved?: true
}

/** A difference as it is kept. */
export interface StoredDifference extends Difference {
  report: string
  /** Its place among those of its report, with gaps. */
  seq: number
  /** In which run of the report it was last seen. */
  run: number
}

/** `busy`: some call is at it, or its time ran out; `waiting`: the provider has not made the bill yet. */
export type ReportState = 'busy' | 'waiting' | 'done'

/** The comparison of one bill: of a merchant, a kind and a Beijing day. */
export interface BillReport {
  id: string
  provider: string
  merchantId: string
  kind: 'trade' | 'fundflow'
  /** `yyyyMMdd`. */
  day: string
  state: ReportState
  /** How often it was begun anew. */
  run: number
  /** Who is at it may take until then (ms); later than that it is anybody's. */
  busyUntil: number
  /** When it is to be taken up again (ms); absent once it is done. */
  resumeAt?: number
  /** Where it goes on. */
  cursor: { phase: 'rows' | 'orders' | 'refunds' | 'flows'; rows: number; system: number; key: number }
  /** How often a call took it up. */
  taken?: number
  /** The fund-flow bill of that day; absent until it was looked at. */
  flows?: { state: 'compared' | 'none' | 'unavailable'; rows?: number; sha1?: string; errCode?: string }
  /** Of the bill it was made from; absent when there was none. */
  sha1?: string
  rows: number
  /** Rows, or orders, that agreed. */
  agreed: number
  /** Differences found, those that are resolved among them. */
  found: number
  resolved: number
  byType: Partial<Record<DifferenceType, number>>
  /** Sums that the bill states otherwise than its rows add up to: nothing is settled on such a bill. */
  totals: { caption: string; stated: number; found: number }[]
  /** Refunds asked for in the last minutes of the day: the next day's bill may have them. */
  carried: { outTradeNo: string; outRefundNo: string }[]
  startedAt: number
  updatedAt: number
  rev: number
}

export interface ReportStore {
  /** False when it is there already. */
  begin(report: BillReport): Promise<boolean>
  find(id: string): Promise<BillReport | undefined>
  /** As {@link OrderStore.replace}. */
  replace(report: BillReport): Promise<boolean>
  /** Reports to be taken up again at `now` (ms), those that wait longest first. */
  unfinished(now: number, limit: number): Promise<BillReport[]>
  /** Reports to be taken up again after `at` (ms). */
  putOffBeyond(at: number, limit: number): Promise<BillReport[]>
  keep(difference: StoredDifference, id: string): Promise<void>
  /** The differences of a report behind the place `after`, in order. */
  differences(report: string, after: number, limit: number): Promise<(StoredDifference & { id: string })[]>
  forget(differenceId: string): Promise<void>
}

/** What a difference that is found again may have lost. */
const optional = ['outRefundNo', 'transactionId', 'there', 'here', 'bill', 'line', 'resolved'] as const

/** Reports, and beside them their differences, each a document of its own. */
export function reportStore(documents: Documents): ReportStore {
  return {
    begin: ({ id, ...report }) => documents.insert('reports', { _id: id, ...report }),
    async find(id) {
      const document = await documents.get('reports', id)
      return document && reportOf(document)
    },
    replace({ id, ...report }) {
      const set = { ...report, rev: report.rev + 1 }
      const unset = (['resumeAt', 'sha1', 'flows'] as const).filter((name) => report[name] === undefined)
      return documents.update('reports', id, { rev: report.rev }, { set, unset })
    },
    async unfinished(now, limit) {
      const selection = { sort: 'resumeAt', limit: Math.min(limit, MAX_PAGE) }
      return (await documents.find('reports', { resumeAt: { $lte: now } }, selection)).map(reportOf)
    },
    async putOffBeyond(at, limit) {
      const selection = { sort: 'resumeAt', limit: Math.min(limit, MAX_PAGE) }
      return (await documents.find('reports', { resumeAt: { $gt: at } }, selection)).map(reportOf)
    },
    async keep(difference, id) {
      const set = plain(difference) as unknown as Document
      if (await documents.insert('reports', { ...set, _id: id })) return
      const unset = optional.filter((name) => difference[name] === undefined)
      await documents.update('reports', id, {}, { set, unset })
    },
    async differences(report, after, limit) {
      const selection = { sort: 'seq', limit: Math.min(limit, MAX_PAGE) }
      const found = await documents.find('reports', { report, seq: { $gt: after } }, selection)
      return found.map(({ _id, ...difference }) => ({
        ...(difference as unknown as StoredDifference),
        id: _id,
      }))
    },
    forget: (id) => documents.remove('reports', id),
  }
}

const reportOf = ({ _id, ...report }: Document): BillReport => ({
  ...(report as unknown as Omit<BillReport, 'id'>),
  id: _id,
})
