import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { environmentSource, type SettingName, Settings, settingInfo } from '../../shared/config/index.js'
import { fen } from '../../shared/money.js'
import type { StoredDifference } from '../../shared/store/port.js'
import { csvOf, writeCsv } from '../../tools/reconcile/csv.js'
import { progressOn } from '../../tools/reconcile/progress.js'
import { openIn, plainReport } from '../../tools/reconcile/report.js'
import { type AccountResult, reconcileDays } from '../../tools/reconcile/run.js'
import { openRecords } from '../../tools/records/open.js'
import { openShop, type Shop } from '../payment/shop.js'

/** `npm run reconcile`: a day compared from a terminal. */

const DAY = '20500101'
const root = new URL('../..', import.meta.url)
const names = new Set(Object.keys(settingInfo) as SettingName[])

const silent = { begin: () => undefined, step: () => undefined, end: () => undefined }

const run = ({ house }: Shop, signal = new AbortController().signal): Promise<AccountResult[]> =>
  reconcileDays({
    ...{ settings: new Settings([environmentSource(house.env)], names), store: house.store, day: DAY },
    ...{
      named: { provider: undefined, merchantId: undefined },
      progress: silent,
      clock: house.clock,
      signal,
    },
  })

const reportOf = (results: AccountResult[], more: { language?: 'en' | 'zh'; isStopped?: boolean } = {}) =>
  plainReport(results, {
    ...{ language: 'en', colour: false, day: '2050-01-01', isStopped: false, file: 'reconcile.csv' },
    ...more,
  })

t.test('a day from a terminal: what is open, the file, and the exit', async (t) => {
  const shop = await openShop(t, 'weixin-v3')
  const { store, clock } = shop.house
  await shop.pay('ORDER001', 1001)
  await shop.pay('ORDER002', 1002)
  await clock.advance(27 * 3600 * 1000)
  const fine = await run(shop)
  t.equal(openIn(fine), 0)
  t.match(reportOf(fine), /2 rows, 2 agree, 0 settled by asking, 0 open\n {2}fund-flow bill compared too/)
  t.equal(await writeCsv(join(t.testdir(), 'none.csv'), fine), false, 'no file without differences')

  const order = await shop.house.order('ORDER002')
  t.ok(await store.orders.replace({ ...order, totalFee: fen(999) }))
  const open = await run(shop)
  t.equal(openIn(open), 1)
  t.match(reportOf(open), /✗ amount +ORDER002 .*\(here 9\.99, there 10\.02, line 3\) .*\n\n1 open\./)
  t.match(
    reportOf(open, { language: 'zh' }),
    /金额不符 \(amount\) +ORDER002 .*待处理 1 项。\n差异明细：reconcile\.csv/s,
  )
  const file = join(t.testdir(), 'some.csv')
  t.equal(await writeCsv(file, open), true)
  const rows = parse(readFileSync(file), { bom: true, columns: true }) as Record<string, string>[]
  t.match(rows, [
    {
      ...{ day: DAY, provider: 'weixin-v3', bill: 'trade', type: 'amount', state: 'open' },
      ...{ outTradeNo: 'ORDER002', here: '9.99', there: '10.02', line: '3' },
    },
  ])
})

t.test('bills that cannot be had, or not yet, and a stop', async (t) => {
  const shop = await openShop(t, 'weixin-v3')
  const { faults } = shop.platforms
  await shop.pay()
  await shop.house.clock.advance(27 * 3600 * 1000)
  faults.next('weixin-pay-v3.tradebill', 'wrong-hash')
  const refused = await run(shop)
  t.equal(openIn(refused), 1)
  t.match(reportOf(refused), /✗ BILL_REFUSED: /)
  faults.next('weixin-pay-v3.fundflowbill', 'creating')
  const early = await run(shop)
  t.match(early, [{ report: { state: 'waiting', cursor: { phase: 'flows' } } }])
  t.match(reportOf(early), /not made yet/)
  t.equal(openIn(early), 1)
  t.equal(openIn(await run(shop)), 0, 'gone on with, once it is there')
  const stop = new AbortController()
  stop.abort()
  t.strictSame(await run(shop, stop.signal), [])
  t.equal(openIn([]), 1, 'nothing compared is not nothing open')
})

t.test('what a spreadsheet would run is text in the file', async (t) => {
  const difference: StoredDifference = {
    type: 'missing-here',
    ...{ report: 'r', run: 1, seq: 1, outTradeNo: '=HYPERLINK("x")' },
    ...{ transactionId: '@SUM(1)', why: '+1', there: 100 },
  }
  const text = csvOf([{ account: { provider: 'alipay', merchantId: '2021' }, differences: [difference] }])
  const [, line = ''] = text.split('\r\n')
  t.match(line, /"'=HYPERLINK\(""x""\)",,'@SUM\(1\),,1\.00,,'\+1$/)
})

t.test('progress in a log is a line for each merchant', async (t) => {
  const written: string[] = []
  const stream = { isTTY: false, write: (text: string) => written.push(text) }
  const progress = progressOn(stream as unknown as NodeJS.WriteStream, 'en')
  progress.begin({ provider: 'alipay', merchantId: '2021' })
  progress.end()
  t.strictSame(written, ['alipay 2021: reading the bill\n'])
})

t.test('no store, no orders', async (t) => {
  const settings = new Settings([environmentSource({})], names)
  await t.rejects(openRecords(settings, join(t.testdir(), 'nothing')), /MONGODB_URI is not set/)
})

t.test('--help needs no build', (t) => {
  const args = ['--import=tsx', 'tools/main.ts', 'reconcile', '--help']
  execFile(process.execPath, args, { cwd: root }, (error, stdout) => {
    t.error(error)
    t.match(stdout, /--date <day>/)
    t.end()
  })
})

t.test('what a bill says does nothing to a terminal', (t) => {
  const account = { provider: 'weixin-v2' as const, merchantId: '1900000109' }
  const differences = [
    {
      report: 'r',
      run: 1,
      seq: 1,
      type: 'missing-here' as const,
      outTradeNo: 'A\u001b[2J\u202e',
      why: '\u009b',
    },
  ]
  const failure = { errCode: 'BILL_REFUSED', errMsg: 'no\u0007' }
  const said = reportOf([{ account, differences: differences as never, failure }])
  t.match(said, /A\\u001b\[2J\\u202e .*\\u009b/)
  t.notMatch(said.replaceAll('\n', ''), /\p{Cc}/u)
  t.end()
})
