import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { merchantFiles } from '../../../tools/emulator/platforms/certificates/index.js'
import { APP_ID, MCH_ID } from '../house.js'
import { type Message, sign, signedXml, xml } from './message.js'
import { envelope, failureOf, openPlatform } from './platform.js'

interface Vector {
  id: string
  input: { csv: string }
  expected: { lines: number }
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../../vectors/payment-vectors.json', import.meta.url), 'utf8'),
) as { vectors: Vector[] }
const vector = vectors.find(({ id }) => id === 'wxv2-bill-all-csv')
const csv = vector?.input.csv ?? ''

const { cert, key: certKey } = merchantFiles(MCH_ID)

t.test('text and gzip, told apart by their first bytes; the BOM is left out', async (t) => {
  const platform = await openPlatform(t)
  t.equal(csv.charCodeAt(0), 0xfeff, 'the vector begins with one')
  for (const body of [Buffer.from(csv), gzipSync(csv), gzipSync(csv.slice(1))]) {
    platform.reply = { status: 200, body }
    const bill = await platform.provider.downloadBill?.({ billDate: '20190219' })
    t.equal(bill?.content, csv.slice(1))
    t.equal(bill?.content.trimEnd().split(/\r?\n/).length, vector?.expected.lines)
  }
  t.strictSame(new Set(platform.paths), new Set(['/pay/downloadbill']))
  const { nonce_str, sign: signature, ...sent } = Object.fromEntries(platform.received[0] ?? [])
  t.strictSame(sent, {
    ...{ appid: APP_ID, mch_id: MCH_ID, bill_date: '20190219', bill_type: 'ALL', tar_type: 'GZIP' },
  })
  t.equal(signature, sign({ ...sent, nonce_str }))
})

const flow =
  '记账时间,余额\r\n`2018-02-01 04:21:23,`0.17\r\n资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n`1.0,`1.0,`0.17,`0.0,`0.00\r\n'

t.test('fund flow: by HMAC-SHA256 whatever is configured', async (t) => {
  for (const signType of ['MD5', 'HMAC-SHA256'] as const) {
    const platform = await openPlatform(t, { signType, cert, certKey })
    platform.reply = { status: 200, body: gzipSync(flow) }
    const bill = await platform.provider.downloadFundflow?.({ billDate: '20180201', accountType: 'Fees' })
    t.match(bill?.content, /^记账时间,/)
    const { sign: signature, ...sent } = Object.fromEntries(platform.received[0] ?? [])
    t.match(sent, { account_type: 'Fees', sign_type: 'HMAC-SHA256', tar_type: 'GZIP' })
    t.equal(signature, sign(sent, 'HMAC-SHA256'))
  }
})

t.test('what WeChat has against it', async (t) => {
  const platform = await openPlatform(t, { cert, certKey })
  const said = (return_msg: string, error_code = '20002') =>
    xml({ return_code: 'FAIL', return_msg, error_code })
  const complaints: [string, string, string][] = [
    [said('No Bill Exist'), 'NO_STATEMENT_EXIST', 'fix the request'],
    [said('no bill exist'), 'NO_STATEMENT_EXIST', 'fix the request'],
    [`\ufeff  \r\n${said('NO Bill Exist')}`, 'NO_STATEMENT_EXIST', 'fix the request'],
    [said('Bill Creating'), 'BILL_CREATING', 'wait'],
    [said('CompressGZip Error'), 'GZIP_ERROR', 'retry'],
    [said('UnCompressGZip Error'), 'GZIP_ERROR', 'retry'],
    [said('SYSTEMERROR'), 'SYSTEMERROR', 'retry'],
    [said('invalid bill_type'), 'INVALID_BILL_TYPE', 'fix the request'],
    [said('data format error'), 'INVALID_BILL_DATE', 'fix the request'],
    [said('missing parameter'), 'LACK_PARAMS', 'fix the request'],
    [said('SIGN ERROR'), 'SIGNERROR', 'fix the settings'],
    [said('签名错误'), 'RETURN_FAIL', 'fix the settings'],
    [xml({ return_code: 'FAIL' }), 'RETURN_FAIL', 'fix the settings'],
    [signedXml(envelope({ result_code: 'FAIL', err_code: 'SYSTEMERROR' })), 'SYSTEMERROR', 'retry'],
  ]
  for (const [body, errCode, advice] of complaints) {
    platform.reply = { status: 200, body }
    const failure = await failureOf(
      platform.provider.downloadBill?.({ billDate: '20190219' }) ?? Promise.resolve(),
    )
    t.match(failure, { errCode, advice }, errCode)
  }
  const flow: Message = envelope({
    result_code: 'FAIL',
    err_code: 'NO_BILL_EXIST',
    err_code_des: '账单不存在',
  })
  platform.reply = { status: 200, body: xml(flow) }
  const failure = await failureOf(
    platform.provider.downloadFundflow?.({ billDate: '20190219' }) ?? Promise.resolve(),
  )
  t.match(failure, { errCode: 'NO_STATEMENT_EXIST', errMsg: /账单不存在/ })
  t.match(platform.upstream.at(-1), { code: 'NO_BILL_EXIST' }, "the log keeps WeChat's own code")
})

t.test('what is no bill', async (t) => {
  const platform = await openPlatform(t)
  const packed = gzipSync(csv)
  const broken: [string, Buffer | string, number][] = [
    ['a page', '<html><body>404</body></html>', 404],
    ['a page that says it is fine', '<!DOCTYPE html><html></html>', 200],
    ['text with another status', csv, 500],
    ['half a file', packed.subarray(0, packed.length / 2), 200],
    ['a changed file', Buffer.concat([packed.subarray(0, 40), Buffer.alloc(20), packed.subarray(60)]), 200],
    ['the head of a file', Buffer.from([0x1f, 0x8b]), 200],
  ]
  for (const [name, body, status] of broken) {
    platform.reply = { status, body }
    const failure = await failureOf(
      platform.provider.downloadBill?.({ billDate: '20190219' }) ?? Promise.resolve(),
    )
    t.match(failure, { errCode: 'BILL_REFUSED' }, name)
  }
  platform.reply = { status: 404, body: '<html><body>Not Found</body></html>' }
  t.match(await failureOf(platform.provider.downloadBill?.({ billDate: '20190219' })), {
    errMsg: /with a page \(HTTP 404\); it said: Not Found$/,
  })
  platform.reply = { status: 200, body: '' }
  t.match(await failureOf(platform.provider.downloadBill?.({ billDate: '20190219' })), {
    errCode: 'BILL_REFUSED',
  })
})

t.test('a bill that was cut short anywhere is none, whatever length the server named', async (t) => {
  const platform = await openPlatform(t, { cert, certKey })
  const bills = [
    [Buffer.from(csv), () => platform.provider.downloadBill?.({ billDate: '20190219' })],
    [Buffer.from(flow), () => platform.provider.downloadFundflow?.({ billDate: '20190219' })],
  ] as const
  for (const [whole, ask] of bills) {
    const taken: number[] = []
    const first = whole.length > 2000 ? whole.length - 400 : 0
    for (let length = first; length <= whole.length; length++) {
      platform.reply = { status: 200, body: whole.subarray(0, length) }
      const failure = await failureOf(ask())
      if (failure.errCode === 'NONE') taken.push(length)
      else t.match(failure, { errCode: 'BILL_REFUSED', advice: 'retry' })
    }
    t.strictSame(taken, [whole.length - 2, whole.length - 1, whole.length], 'but for the last line break')
  }
})

t.test('a bill is held against its line of totals', async (t) => {
  const platform = await openPlatform(t)
  const head = '交易时间,商品名称\n'
  const totals = (text: string) => `总交易单数,订单总金额\n${text}`
  const whole = [
    `${head}${totals('`0,`0.00\n')}`,
    `${head}\`1,\`总交易单数\n${totals('`1.0,`0.00\n\n\n')}`,
    `${head}\`1,\`a\r\n\`2,\`b\r\n\`${totals('`2,`0.01').replace('\n', '\r\n')}`,
    `${head}\`1,\`a\n总交易单数,手续费总金额\n\`1,\`0.00600`,
  ]
  const wanting = [
    head,
    `${head}\`1,\`a\n`,
    `${head}\`1,\`总交易单数\n`,
    `${head}\`1,\`a\n总交易单数,订单总金额\n`,
    `${head}\`1,\`a\n${totals('`1\n')}`,
    `${head}\`1,\`a\n${totals('`1,`\n')}`,
    `${head}\`1,\`a\n${totals('`1,`0.0')}`,
    `${head}\`1,\`a\n${totals('`2,`0.00\n')}`,
    `${head}\`1,\`a\n${totals('`1,`0.00\n`2,`b\n')}`,
    `${head}\`1,\`a\n总交易单数,手续费总金额\n\`1,\`0.00`,
    'hello',
  ]
  const ask = (body: string, billType?: string) => {
    platform.reply = { status: 200, body }
    return failureOf(
      platform.provider.downloadBill?.({ billDate: '20190219', ...(billType && { billType }) }),
    )
  }
  for (const body of whole) t.equal((await ask(body)).errCode, 'NONE', body)
  for (const body of wanting) t.equal((await ask(body)).errCode, 'BILL_REFUSED', body)
  t.equal(
    (await ask('anything', 'ALL_SPECIAL')).errCode,
    'NONE',
    'bills agreed on with one merchant are not known',
  )
})

t.test('a file that unpacks to more than fits is not unpacked', { timeout: 60_000 }, async (t) => {
  const platform = await openPlatform(t)
  platform.reply = { status: 200, body: gzipSync(Buffer.alloc(210 * 1024 * 1024, 0x20)) }
  const failure = await failureOf(
    platform.provider.downloadBill?.({ billDate: '20190219' }) ?? Promise.resolve(),
  )
  t.match(failure, { errCode: 'BILL_REFUSED', errMsg: /larger than can be read/ })
})

t.test('a day is written in one way', async (t) => {
  const platform = await openPlatform(t)
  for (const billDate of ['2019-02-19', '201902', '', '20190219 ']) {
    const failure = await failureOf(platform.provider.downloadBill?.({ billDate }) ?? Promise.resolve())
    t.match(failure, { errCode: 'INVALID_PARAM', errMsg: /^billDate: / })
  }
  t.strictSame(platform.paths, [])
})
