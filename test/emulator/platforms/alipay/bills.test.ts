import { crc32, inflateRawSync } from 'node:zlib'
import t from 'tap'
import { send } from '../../../support/network/send.js'
import { openShopAlipay, type ShopAlipay } from './merchant.js'

const URL_QUERY = 'alipay.data.dataservice.bill.downloadurl.query'
const DAY = 24 * 3600 * 1000

/** Alice buys twice on the first day and gets a part back on the second. */
async function trading(shop: ShopAlipay): Promise<void> {
  for (const outTradeNo of ['A1', 'A2']) {
    await shop.order(outTradeNo, { subject: '茶, 中' })
    await shop.platforms.pay(outTradeNo, outTradeNo === 'A2' ? { couponFee: 99 } : {})
  }
  await shop.order('A3')
  await shop.clock.advance(DAY)
  await shop.refund('A1', 'R1', '9.99', { refund_reason: 'cold' })
}

const ask = (shop: ShopAlipay, date: string, type = 'trade') =>
  shop.call(URL_QUERY, { bill_type: type, bill_date: date })

async function download(shop: ShopAlipay, date: string, type?: string): Promise<Map<string, string[][]>> {
  const { fields } = await ask(shop, date, type)
  const { status, body } = await send(String(fields.bill_download_url), { method: 'GET' })
  if (status !== 200) throw new Error(`status ${status}`)
  return new Map([...unzipped(body)].map(([name, text]) => [name, rowsOf(text)]))
}

/** By the central directory, as archives are read. */
function unzipped(archive: Buffer): Map<string, string> {
  const files = new Map<string, string>()
  const gbk = new TextDecoder('gb18030', { fatal: true })
  const end = archive.lastIndexOf('PK\x05\x06', undefined, 'latin1')
  let at = archive.readUInt32LE(end + 16)
  for (let count = archive.readUInt16LE(end + 10); count > 0; count--) {
    const [size, nameLength] = [archive.readUInt32LE(at + 20), archive.readUInt16LE(at + 28)]
    const local = archive.readUInt32LE(at + 42)
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const content = inflateRawSync(archive.subarray(start, start + size))
    if (crc32(content) !== archive.readUInt32LE(at + 16)) throw new Error('a checksum is wrong')
    files.set(gbk.decode(archive.subarray(at + 46, at + 46 + nameLength)), gbk.decode(content))
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return files
}

/** The table between the lines of comments; the others as rows of one. */
const rowsOf = (text: string): string[][] =>
  text
    .trimEnd()
    .split('\r\n')
    .map((line) => (line.startsWith('#') ? [line] : line.split(',').map((value) => value.trim())))

/** The rows of the table by the titles of its columns. */
function records(rows: string[][] | undefined): Record<string, string>[] {
  const [head = [], ...lines] = (rows ?? []).filter(([first]) => !first?.startsWith('#'))
  return lines.map((line) => Object.fromEntries(head.map((title, i) => [title, line[i] ?? ''])))
}

t.test('the bill of a day says what was bought that day', async (t) => {
  const shop = await openShopAlipay(t)
  await trading(shop)
  const files = await download(shop, '2050-01-01')
  const { sellerId } = shop.platforms.alipay.account
  t.strictSame(
    [...files.keys()].sort(),
    [`${sellerId}0156_20500101_业务明细(汇总).csv`, `${sellerId}0156_20500101_业务明细.csv`].sort(),
  )
  const details = files.get(`${sellerId}0156_20500101_业务明细.csv`)
  t.match(records(details), [
    {
      支付宝交易号: /^\d{28}$/,
      商户订单号: 'A1',
      业务类型: '交易',
      商品名称: '茶  中',
      完成时间: '2050-01-01 08:00:00',
      '订单金额（元）': '19.99',
      '服务费（元）': '-0.12',
    },
    { 商户订单号: 'A2', '支付宝优惠（元）': '0.99' },
  ])
  t.match(details?.map(([first]) => first).join('\n'), /交易合计：2笔，商家实收共39.98元/)
  const totals = records(files.get(`${sellerId}0156_20500101_业务明细(汇总).csv`))
  t.match(totals, [{ 交易订单总笔数: '2', 退款订单总笔数: '0', '订单金额（元）': '39.98' }])
})

t.test('the bill of the next day, and of the month, say what was given back', async (t) => {
  const shop = await openShopAlipay(t)
  await trading(shop)
  const linesOf = async (date: string, type?: string) =>
    records([...(await download(shop, date, type))].find(([name]) => !name.includes('汇总'))?.[1])
  const [refund, ...others] = await linesOf('2050-01-02')
  t.strictSame(others, [])
  t.match(refund, {
    商户订单号: 'A1',
    业务类型: '退款',
    '订单金额（元）': '-9.99',
    '退款批次号/请求号': 'R1',
    备注: 'cold',
  })
  t.strictSame(
    (await linesOf('2050-01')).map((line) => [line.业务类型, line['订单金额（元）']]),
    [
      ['交易', '19.99'],
      ['交易', '19.99'],
      ['退款', '-9.99'],
    ],
  )
  t.strictSame(
    (await linesOf('2050-01', 'signcustomer')).map((line) => line['账户余额（元）']),
    ['19.99', '19.87', '39.86', '39.74', '29.75'],
  )
})

t.test('there is no bill of a day without trade, of no day, or of another kind', async (t) => {
  const shop = await openShopAlipay(t)
  await trading(shop)
  for (const [date, type] of [
    ['2050-01-03', 'trade'],
    ['2049-12-31', 'trade'],
    ['2050-02', 'trade'],
    ['2050-02-30', 'trade'],
    ['2050-13', 'trade'],
    ['2015-12-31', 'trade'],
    ['2050-01-01', 'merchant_act'],
  ] as const) {
    const { fields } = await ask(shop, date, type)
    t.match(fields, { code: '40004', sub_code: 'isp.bill_not_exist' }, `${date} ${type}`)
  }
  for (const [date, type] of [
    ['20500101', 'trade'],
    ['2050-01-01', 'all'],
  ] as const) {
    const said = await ask(shop, date, type)
    t.match(said, { isSigned: true, fields: { code: '40002', sub_code: 'isv.invalid-parameter' } })
  }
})

t.test('its address works for half a minute, and can be led astray', async (t) => {
  const shop = await openShopAlipay(t)
  await trading(shop)
  const { fields } = await ask(shop, '2050-01-01')
  const url = String(fields.bill_download_url)
  await shop.clock.advance(29_000)
  t.equal((await send(url, { method: 'GET' })).status, 200)
  await shop.clock.advance(1000)
  t.equal((await send(url, { method: 'GET' })).status, 403)
  shop.platforms.faults.next(URL_QUERY, 'wrong-host')
  t.match(
    (await ask(shop, '2050-01-01')).fields.bill_download_url,
    /^https:\/\/bills\.alipay\.com\.example\.com\//,
  )
})
