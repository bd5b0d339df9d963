import { readdirSync, readFileSync } from 'node:fs'
import type { BillRows, BillSummary } from '../../../shared/payment/reconcile/bills/reading/row.js'

const FOLDER = new URL('../../vectors/bills/', import.meta.url)

export type SampleRow = Readonly<Record<string, string | number>>

/** What stands beside a sample: what it is, and how it is read right. */
export interface BillSample {
  file: string
  provider: 'weixin' | 'alipay'
  kind: 'trade' | 'fundflow' | 'account'
  state: 'ok' | 'totals-differ' | 'duplicate' | 'broken' | 'not-a-bill'
  /** Of the unpacked text. */
  sha1?: string
  rows?: SampleRow[]
}

export const billSamples = (provider: BillSample['provider'], prefix: string): BillSample[] =>
  readdirSync(FOLDER)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as BillSample)
    .filter((sample) => sample.provider === provider)

export const readBytes = (file: string): Buffer => readFileSync(new URL(file, FOLDER))

/** All rows of a bill, and what it came to. */
export async function collected<Row>(reading: BillRows<Row>): Promise<{ rows: Row[]; summary: BillSummary }> {
  const rows: Row[] = []
  for (;;) {
    const step = await reading.next()
    if (step.done) return { rows, summary: step.value }
    rows.push(...step.value)
  }
}

/** The code with which something is refused; undefined when it is not. */
export const refusal = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: { errCode?: unknown }) => error.errCode,
  )
