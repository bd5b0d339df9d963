import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { readBill } from '../weixin-pay-v2/bill.js'
import { openShopV3, type Said, type ShopV3 } from './merchant.js'

const TRADES = '/v3/bill/tradebill?bill_date=2050-01-01'
const FLOWS = '/v3/bill/fundflowbill?bill_date=2050-01-01'

async function tradingShop(t: Parameters<typeof openShopV3>[0]): Promise<ShopV3> {
  const shop = await openShopV3(t)
  await shop.order('billed-001')
  await shop.platforms.pay('billed-001')
  await shop.refund('billed-001', 'R1', 500)
  return shop
}

interface Announced {
  hash_type: string
  hash_value: string
  download_url: string
}

/** What a signed answer says of where the bill is. */
async function announced(shop: ShopV3, target: string): Promise<Announced> {
  const { json, signedBy } = await shop.call('GET', target)
  if (signedBy === undefined) throw new Error('unsigned')
  return json as unknown as Announced
}

/** The path and query of the file are signed as they were given. */
const fetched = (shop: ShopV3, { download_url: url }: Announced): Promise<Said> =>
  shop.call('GET', url.slice(shop.platforms.url.length))

const sha1 = (bytes: Buffer) => createHash('sha1').update(bytes).digest('hex')

t.test('a bill is announced with its hash, signed, and fetched unsigned', async (t) => {
  const shop = await tradingShop(t)
  const bill = await announced(shop, TRADES)
  t.equal(bill.hash_type, 'SHA1')
  t.ok(bill.download_url.startsWith(`${shop.platforms.url}/v3/billdownload/file?token=`))
  const said = await fetched(shop, bill)
  t.equal(said.status, 200)
  t.equal(said.headers['wechatpay-signature'], undefined)
  t.equal(sha1(said.bytes), bill.hash_value)
  t.match(readBill(said.text).rows, [
    { 商户订单号: 'billed-001', 订单金额: '19.99', 商品名称: '茶, green' },
    { 商户退款单号: 'R1', 申请退款金额: '5.00', 退款状态: 'PROCESSING' },
  ])
})

t.test('packed, the hash is still that of the text', async (t) => {
  const shop = await tradingShop(t)
  const bill = await announced(shop, `${FLOWS}&account_type=BASIC&tar_type=GZIP`)
  t.match(bill.download_url, /&tartype=gzip$/)
  const { bytes } = await fetched(shop, bill)
  t.equal(sha1(gunzipSync(bytes)), bill.hash_value)
  t.match(readBill(gunzipSync(bytes).toString()).totals, { 资金流水总笔数: '3', 支出金额: '5.09' })
})

t.test('the file wants a good Authorization, and is there for five minutes', async (t) => {
  const shop = await tradingShop(t)
  const bill = await announced(shop, TRADES)
  const target = bill.download_url.slice(shop.platforms.url.length)
  const bad = await shop.call('GET', target, undefined, { signed: { target: '/v3/billdownload/file' } })
  t.match(bad, { status: 401, json: { code: 'SIGN_ERROR' } })
  await shop.clock.advance(5 * 60_000)
  t.match(await fetched(shop, bill), { status: 400, json: { code: 'INVALID_REQUEST' }, signedBy: /./ })
})

t.test('there is no bill where nothing happened', async (t) => {
  const shop = await tradingShop(t)
  for (const target of [
    '/v3/bill/tradebill?bill_date=2049-12-31',
    '/v3/bill/tradebill?bill_date=2050-01-02',
    `${TRADES}&bill_type=RECHARGE_REFUND`,
    `${TRADES}&bill_type=ALL_SPECIAL`,
    `${FLOWS}&account_type=FEES`,
  ]) {
    t.match(await shop.call('GET', target), { status: 400, json: { code: 'NO_STATEMENT_EXIST' } }, target)
  }
  for (const target of [
    '/v3/bill/tradebill',
    '/v3/bill/tradebill?bill_date=20500101',
    '/v3/bill/tradebill?bill_date=2050-02-30',
    `${TRADES}&bill_type=SOME`,
    `${TRADES}&tar_type=ZIP`,
    `${FLOWS}&account_type=Basic`,
  ]) {
    t.match(await shop.call('GET', target), { status: 400, json: { code: 'PARAM_ERROR' } }, target)
  }
})

t.test('an announcement can lie, under a good signature', async (t) => {
  const shop = await tradingShop(t)
  shop.platforms.faults.next('weixin-pay-v3.tradebill', 'wrong-hash')
  const wrong = await announced(shop, TRADES)
  t.not(sha1((await fetched(shop, wrong)).bytes), wrong.hash_value)
  shop.platforms.faults.next('weixin-pay-v3.tradebill', 'wrong-host')
  t.match(
    (await announced(shop, TRADES)).download_url,
    /^https:\/\/api\.mch\.weixin\.qq\.com\.example\.com\//,
  )
  shop.platforms.faults.next('weixin-pay-v3.fundflowbill', 'creating')
  t.match(await shop.call('GET', FLOWS), { status: 400, json: { code: 'STATEMENT_CREATING' } })
})
