import { createHash } from 'node:crypto'
import { createWriteStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { zip } from '../../emulator/platforms/alipay/bills/zip.js'
import { encoded } from '../../emulator/platforms/alipay/form.js'

/** Bills of any length, as the platforms write them, of a day on which every order is of 10.01 yuan. */

export const DAY = '20260301'
export const TOTAL = 1001
export const APP_ID = 'wx0a1b2c3d4e5f6071'
const MCH_ID = '1600000001'

export const orderNumber = (n: number): string => `T${DAY}${String(n).padStart(10, '0')}`
export const transactionNumber = (n: number): string => `42000030${DAY}${String(n).padStart(12, '0')}`

const pad = (value: number): string => String(value).padStart(2, '0')
const timeOf = (n: number): string =>
  `2026-03-01 ${pad(1 + (n % 22))}:${pad(Math.floor(n / 22) % 60)}:${pad(Math.floor(n / 1320) % 60)}`

/** So that a bill packs as a real one does: payers and goods are never all alike. */
const payer = (n: number): string =>
  createHash('sha1').update(String(n)).digest('base64url').padEnd(28, 'x').slice(0, 28)

const tradeHead =
  '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注'

const tradeRow = (n: number): string =>
  `\`${timeOf(n)},\`${APP_ID},\`${MCH_ID},\`0,\`,\`${transactionNumber(n)},\`${orderNumber(n)},\`${payer(n)},\`JSAPI,\`SUCCESS,\`OTHERS,\`CNY,\`10.01,\`0.00,\`0,\`0,\`0.00,\`0.00,\`,\`,\`乌龙茶 ${n % 97}克,\`shop=${n % 31};k=v,\`0.06000,\`0.60%,\`10.01,\`0.00,\``

const tradeTotalsHead =
  '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额'

const yuan = (fen: number): string => `${Math.floor(fen / 100)}.${pad(fen % 100)}`

function* tradeLines(rows: number): Generator<string> {
  yield `\ufeff${tradeHead}`
  for (let n = 0; n < rows; n++) yield tradeRow(n)
  const sum = yuan(rows * TOTAL)
  yield tradeTotalsHead
  yield `\`${rows},\`${sum},\`0.00,\`0.00,\`${yuan(rows * 6)}000,\`${sum},\`0.00`
}

function* flowLines(rows: number): Generator<string> {
  yield '记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号'
  for (let n = 0; n < rows; n++) {
    const [from, to] = [`\`${timeOf(n)},\`${transactionNumber(n)},\`1900`, `\`system,\`,\`${orderNumber(n)}`]
    yield `${from}${n}1,\`交易,\`交易,\`收入,\`10.01,\`${yuan(n * 995 + 1001)},${to}`
    yield `${from}${n}2,\`交易,\`扣除交易手续费,\`支出,\`0.06,\`${yuan(n * 995 + 995)},${to}`
  }
  yield '资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额'
  yield `\`${rows * 2},\`${rows},\`${yuan(rows * TOTAL)},\`${rows},\`${yuan(rows * 6)}`
}

/** Some hundred lines at a time, which is what makes streams fast. */
function* chunks(lines: Iterable<string>): Generator<Buffer> {
  let some: string[] = []
  for (const line of lines) {
    some.push(line, '\r\n')
    if (some.length < 1000) continue
    yield Buffer.from(some.join(''))
    some = []
  }
  yield Buffer.from(some.join(''))
}

/** A packed file, and the hash of what it unpacks to. */
export interface BillFile {
  file: string
  sha1: string
}

async function gzipped(file: string, lines: Iterable<string>): Promise<BillFile> {
  const digest = createHash('sha1')
  const observed = function* () {
    for (const chunk of chunks(lines)) {
      digest.update(chunk)
      yield chunk
    }
  }
  await pipeline(Readable.from(observed()), createGzip(), createWriteStream(file))
  return { file, sha1: digest.digest('hex') }
}

export const weixinTradeFile = (folder: string, rows: number): Promise<BillFile> =>
  gzipped(join(folder, `trade-${rows}.gz`), tradeLines(rows))

export const weixinFlowFile = (folder: string, rows: number): Promise<BillFile> =>
  gzipped(join(folder, `flow-${rows}.gz`), flowLines(rows))

const alipayHead =
  '支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注'

const alipayRow = (n: number): string =>
  `${transactionNumber(n)}\t,${orderNumber(n)}\t,交易\t,乌龙茶 ${n % 97}克,${timeOf(n)},${timeOf(n)},\t,\t,\t,\t,*茶(${payer(n).slice(0, 8)})\t,10.01,10.01,0.00,0.00,0.00,0.00,0.00,,0.00\t,0.00,\t,-0.06,0.00,`

/** An archive with the details alone. `from_line` of {@link ALIPAY_HEAD_LINES} is where its captions are. */
export function alipayTradeFile(folder: string, rows: number): BillFile {
  const parts = [
    encoded(
      `#支付宝业务明细查询\r\n#账号：[2088]\r\n#起始日期\r\n#---业务明细列表---\r\n${alipayHead}\r\n`,
      'gbk',
    ),
  ]
  for (let from = 0; from < rows; from += 1000) {
    const some = Array.from({ length: Math.min(1000, rows - from) }, (_, n) => `${alipayRow(from + n)}\r\n`)
    parts.push(encoded(some.join(''), 'gbk'))
  }
  const end = `#---业务明细列表结束---\r\n#交易合计：${rows}笔，商家实收共${yuan(rows * TOTAL)}元，商家优惠共0.00元\r\n`
  parts.push(encoded(end, 'gbk'))
  const file = join(folder, `alipay-${rows}.zip`)
  writeFileSync(file, zip([{ name: encoded('业务明细.csv', 'gbk'), content: Buffer.concat(parts) }]))
  return { file, sha1: '' }
}

export const ALIPAY_HEAD_LINES = 5
