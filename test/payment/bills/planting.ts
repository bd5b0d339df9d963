import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { systemRandom } from '../../../shared/clock.js'
import { environmentSource, type SettingName, Settings, settingInfo } from '../../../shared/config/index.js'
import { http } from '../../../shared/http/http.js'
import type { Context } from '../../../shared/operation/index.js'
import type { PaymentProvider, RawBill } from '../../../shared/payment/provider.js'
import { reconcileDay } from '../../../shared/payment/reconcile/bills/reconcile.js'
import { openProvider } from '../../../shared/payment/registry.js'
import { zipFiles } from '../../../shared/payment/zip.js'
import type { BillReport } from '../../../shared/store/port.js'
import { zip } from '../../../tools/emulator/platforms/alipay/bills/zip.js'
import { encoded } from '../../../tools/emulator/platforms/alipay/form.js'
import type { Shop } from '../shop.js'

/** Bills of the local platforms with something else in them: their rows by caption, and sums that fit again. */

export type Row = Record<string, string>
export type Planted = Partial<Record<'trade' | 'fundflow', (rows: Row[]) => Row[]>>

/** A context as a function of ours gets it. `timeLeft` in milliseconds. */
export function contextOf({ house }: Shop, timeLeft: () => number = () => 60_000): Context {
  const names = new Set(Object.keys(settingInfo) as SettingName[])
  return {
    ...{ source: 'server', settings: new Settings([environmentSource(house.env)], names), hasStore: true },
    ...{ store: async () => house.store, http, clock: house.clock, random: systemRandom, timeLeft },
    ...{ requestId: 'r-1', note: () => undefined, upstream: () => undefined },
  }
}

/** The shop's provider, whose bills are changed before anybody reads them. */
export async function planting(shop: Shop, planted: Planted): Promise<PaymentProvider> {
  const provider = await openProvider(contextOf(shop), shop.provider)
  return {
    ...provider,
    async fetchBill(request) {
      const bill = await provider.fetchBill?.(request)
      const change = planted[request.kind]
      return bill && change ? changed(bill, change) : bill
    },
  }
}

export const reconcilePlanted = async (shop: Shop, day: string, planted: Planted): Promise<BillReport> =>
  reconcileDay(contextOf(shop), await planting(shop, planted), day, { again: true })

/** A bill with other rows, whose hash and sums fit them. */
async function changed({ file, sha1 }: RawBill, change: (rows: Row[]) => Row[]): Promise<RawBill> {
  if (sha1 === undefined && file.toString('latin1', 0, 2) === 'PK')
    return { file: await alipay(file, change) }
  const [head = '', ...lines] = gunzipSync(file).toString().trimEnd().split('\r\n')
  const [totalsHead = ''] = lines.splice(-2)
  const captions = head.replace('\ufeff', '').split(',')
  const rows = change(lines.map((line) => rowOf(captions, line.slice(1).split(',`'))))
  const written = rows.map((row) => captions.map((caption) => `\`${row[caption] ?? ''}`).join(','))
  const totals = totalsHead.split(',').map((caption) => `\`${weixinSum(caption, rows)}`)
  const text = Buffer.from([head, ...written, totalsHead, totals.join(','), ''].join('\r\n'))
  const hash = createHash('sha1').update(text).digest('hex')
  return { file: gzipSync(text), ...(sha1 === undefined ? {} : { sha1: hash }) }
}

const rowOf = (captions: readonly string[], values: readonly string[]): Row =>
  Object.fromEntries(captions.map((caption, at) => [caption, values[at]?.trim() ?? '']))

const columns: Readonly<Record<string, string>> = {
  应结订单总金额: '应结订单金额',
  退款总金额: '退款金额',
  充值券退款总金额: '充值券退款金额',
  手续费总金额: '手续费',
  订单总金额: '订单金额',
  申请退款总金额: '申请退款金额',
}

function weixinSum(caption: string, rows: Row[]): string {
  const column = columns[caption]
  if (column) return sum(rows, column, column === '手续费' ? 5 : 2)
  const way = caption.startsWith('收入') ? '收入' : '支出'
  const some = rows.filter((row) => row.收支类型 === way)
  if (caption.endsWith('金额')) return sum(some, '收支金额（元）')
  return String(caption.startsWith('总') || caption.startsWith('资金') ? rows.length : some.length)
}

function sum(rows: Row[], column: string, places = 2): string {
  const scale = 10 ** places
  const total = rows.reduce((all, row) => all + Math.round(Number(row[column]) * scale), 0)
  return (total / scale).toFixed(places)
}

/** The details alone: a summary is not needed. */
async function alipay(file: Buffer, change: (rows: Row[]) => Row[]): Promise<Buffer> {
  const texts = (await zipFiles(file)).map(({ name, content }) => ({
    name,
    text: new TextDecoder('gb18030').decode(content),
  }))
  const details = texts.find(({ text }) => text.split('\r\n', 1)[0]?.includes('明细'))
  if (!details) throw new Error('no details')
  const lines = details.text.split('\r\n')
  const first = lines.findIndex((line) => !line.startsWith('#'))
  const end = lines.findIndex((line) => line.includes('列表结束'))
  const captions = (lines[first] ?? '').split(',')
  const rows = change(lines.slice(first + 1, end).map((line) => rowOf(captions, line.split(','))))
  const written = rows.map((row) => captions.map((caption) => `${row[caption] ?? ''}\t`).join(','))
  const text = [...lines.slice(0, first + 1), ...written, lines[end], ''].join('\r\n')
  return zip([{ name: details.name, content: encoded(text, 'gbk') }])
}
