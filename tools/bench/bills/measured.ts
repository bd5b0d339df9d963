import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { createGunzip, createInflateRaw } from 'node:zlib'
import { parse } from 'csv-parse'
import { systemRandom } from '../../../shared/clock.js'
import { Settings } from '../../../shared/config/index.js'
import { http } from '../../../shared/http/http.js'
import { fen } from '../../../shared/money.js'
import type { Context } from '../../../shared/operation/index.js'
import type { PaymentProvider } from '../../../shared/payment/provider.js'
import { readThrough, tradeRows } from '../../../shared/payment/reconcile/bills/reading/bills.js'
import { slices } from '../../../shared/payment/reconcile/bills/reading/lines.js'
import { reconcileDay } from '../../../shared/payment/reconcile/bills/reconcile.js'
import { zipEntries } from '../../../shared/payment/zip.js'
import type { BillReport, OrderRecord, Store } from '../../../shared/store/port.js'
import { ALIPAY_HEAD_LINES, APP_ID, type BillFile, DAY, TOTAL } from './files.js'

/** What runs in a process of its own, built as the functions are, and answers with one line of JSON. */

export type System = 'weixin-v3' | 'alipay'

/** Ours: unpacked, digest, captions, amounts, sums. */
export async function readOurs(system: System, { file, sha1 }: BillFile): Promise<number> {
  const bill = { file: readFileSync(file), ...(sha1 === '' ? {} : { sha1 }) }
  return (await readThrough(tradeRows(system, bill))).rows
}

/** The peer's: unpacked, decoded, objects by caption; of the rest nothing is looked at. */
export async function readPeers(system: System, { file }: BillFile): Promise<number> {
  const parser = parse({
    ...{ columns: true, relax_column_count: true, quote: null, bom: true },
    ...(system === 'alipay' ? { from_line: ALIPAY_HEAD_LINES } : {}),
  })
  const source = system === 'alipay' ? unzipped(readFileSync(file)) : gunzipped(readFileSync(file))
  let rows = 0
  for await (const _row of source.pipe(parser)) rows += 1
  return rows
}

const gunzipped = (file: Buffer): Readable => Readable.from(slices(file)).pipe(createGunzip())

function unzipped(file: Buffer): Readable {
  const [entry] = zipEntries(file)
  if (!entry) throw new Error('an empty archive')
  const inflate = Readable.from(slices(entry.packed)).pipe(createInflateRaw())
  const decoder = new TextDecoder('gb18030')
  const decoded = async function* () {
    for await (const piece of inflate) yield decoder.decode(piece as Buffer, { stream: true })
  }
  return Readable.from(decoded())
}

const MERCHANT = '1600000001'

/** The whole comparison over a store that answers at once, with and without the fund-flow bill. */
export async function compareDay(trade: BillFile, flow: BillFile | undefined): Promise<number> {
  const bills = { trade, fundflow: flow }
  const provider = {
    ...{ id: 'weixin-v3', merchantId: MERCHANT, appIdFor: () => APP_ID },
    async fetchBill({ kind }: { kind: 'trade' | 'fundflow' }) {
      const bill = bills[kind]
      return bill && { file: readFileSync(bill.file), sha1: bill.sha1 }
    },
  } as unknown as PaymentProvider
  const context: Context = {
    ...{ source: 'server', settings: new Settings([], new Set()), hasStore: true, http },
    ...{ clock: { now: () => Date.now(), sleep: async () => undefined }, random: systemRandom },
    ...{ store: async () => rememberingNothing(), timeLeft: () => 3_600_000, requestId: 'bench' },
    ...{ note: () => undefined, upstream: () => undefined },
  }
  const report = await reconcileDay(context, provider, DAY)
  if (report.state !== 'done' || report.found > 0) throw new Error(JSON.stringify(report))
  return report.agreed
}

/** Every order was paid as the bill says, and there is one report. */
function rememberingNothing(): Store {
  let report: BillReport | undefined
  const reports: Partial<Store['reports']> = {
    async begin(begun) {
      report = { ...begun }
      return true
    },
    find: async () => report && { ...report },
    async replace(next) {
      report = { ...next, rev: next.rev + 1 }
      return true
    },
    differences: async () => [],
  }
  const orders: Partial<Store['orders']> = {
    find: async ({ outTradeNo }) => paid(outTradeNo),
    paidFrom: async () => [],
    refundedFrom: async () => [],
  }
  return { reports, orders } as Store
}

const paid = (outTradeNo: string): OrderRecord => ({
  ...{ outTradeNo, provider: 'weixin-v3', merchantId: MERCHANT, appId: APP_ID, totalFee: fen(TOTAL) },
  ...{ currency: 'CNY', body: 'tea', state: 'PAID', createdAt: 0, updatedAt: 0 },
  ...{ history: [], refunds: [], events: [], rev: 0 },
})
