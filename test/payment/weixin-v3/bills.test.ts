import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { rememberedCertificates } from '../../../shared/certificates/source.js'
import type { Http } from '../../../shared/http/http.js'
import { readBill } from '../../../shared/payment/weixin-v3/bill.js'
import { weixinV3 } from '../../../shared/payment/weixin-v3/index.js'
import {
  failure,
  json,
  merchantAt,
  openPlatform,
  type Platform,
  testClock,
  testDependencies,
} from './platform.js'

const text = `\ufeff交易时间,公众账号ID,总金额\r\n${'`2026-01-31 12:00:00,`wx0123456789abcdef,`19.99\r\n'.repeat(9000)}`
const bytes = Buffer.from(text)
const packed = gzipSync(bytes)
const sha1 = (data: Buffer) => createHash('sha1').update(data).digest('hex')

interface Scene {
  platform: Platform
  provider: ReturnType<typeof weixinV3>
  /** What the answer to the first question says. */
  said: { hash_type: string; hash_value: string; download_url: string }
  file: Buffer
}

async function scene(t: Test): Promise<Scene> {
  const clock = testClock()
  const platform = await openPlatform(t, clock)
  const made: Scene = {
    platform,
    provider: weixinV3(merchantAt(platform.baseUrl), testDependencies(clock), rememberedCertificates()),
    said: {
      hash_type: 'SHA1',
      hash_value: sha1(bytes),
      download_url: `${platform.baseUrl}/v3/billdownload/file?token=a%2Bb-_c&tartype=gzip`,
    },
    file: packed,
  }
  platform.answer = ({ target }) =>
    target.startsWith('/v3/billdownload/')
      ? { status: 200, body: made.file, signed: false }
      : json(200, made.said)
  return made
}

t.test('a trade bill: asked for, fetched with credentials, unpacked, checked', async (t) => {
  const { platform, provider } = await scene(t)
  const bill = await provider.downloadBill?.({ billDate: '20260131' })
  t.ok(bill?.content.startsWith('交易时间,公众账号ID'), 'without the byte order mark')
  t.equal(bill?.content.length, text.length - 1)
  t.strictSame(
    platform.asked.map(({ method, target }) => `${method} ${target}`),
    [
      'GET /v3/bill/tradebill?bill_date=2026-01-31&bill_type=ALL&tar_type=GZIP',
      'GET /v3/billdownload/file?token=a%2Bb-_c&tartype=gzip',
    ],
  )
})

t.test('a fund-flow bill, of an account in the words of the reference document', async (t) => {
  const { platform, provider } = await scene(t)
  await provider.downloadFundflow?.({ billDate: '20260131' })
  await provider.downloadFundflow?.({ billDate: '20260131', accountType: 'Operation' })
  t.equal(
    platform.asked[0]?.target,
    '/v3/bill/fundflowbill?bill_date=2026-01-31&account_type=BASIC&tar_type=GZIP',
  )
  t.match(platform.asked[2]?.target, 'account_type=OPERATION')
})

t.test('packed or not, hashed before or after packing, in either case', async (t) => {
  const given = await scene(t)
  for (const file of [packed, bytes]) {
    for (const hash of [sha1(bytes), sha1(file), sha1(bytes).toUpperCase()]) {
      given.file = file
      given.said = { ...given.said, hash_value: hash }
      t.equal(
        (await given.provider.downloadBill?.({ billDate: '20260131' }))?.content.length,
        text.length - 1,
      )
    }
  }
})

t.test('another file than announced is refused', async (t) => {
  const given = await scene(t)
  const files = [
    gzipSync(Buffer.from(text.replace('19.99', '99.99'))),
    packed.subarray(0, 1000),
    Buffer.concat([packed.subarray(0, 20), Buffer.alloc(50), packed.subarray(70)]),
    Buffer.alloc(0),
  ]
  for (const file of files) {
    given.file = file
    t.match(await failure(given.provider.downloadBill?.({ billDate: '20260131' })), {
      errCode: 'BILL_REFUSED',
    })
  }
  given.said = { ...given.said, hash_type: 'MD5' }
  t.match(await failure(given.provider.downloadBill?.({ billDate: '20260131' })), {
    errCode: 'UNVERIFIED_ANSWER',
  })
})

t.test('credentials go to WeChat Pay and nowhere else', async (t) => {
  const stranger = await openPlatform(t, testClock())
  const made = await scene(t)
  const own = new URL(made.platform.baseUrl)
  const elsewhere = [
    `${stranger.baseUrl}/v3/billdownload/file?token=1`,
    'https://api.mch.weixin.qq.com.example.com/v3/billdownload/file?token=1',
    `http://${own.host}@127.0.0.1:${new URL(stranger.baseUrl).port}/v3/billdownload/file`,
    `http://user:password@${own.host}/v3/billdownload/file`,
    `https://${own.host}/v3/billdownload/file`,
    `${made.platform.baseUrl}\\@127.0.0.1/v3/billdownload/file`,
    ` ${made.platform.baseUrl}/v3/billdownload/file`,
    `${made.platform.baseUrl}/v3/a/../billdownload/file`,
    'file:///etc/passwd',
    'not an address',
  ]
  for (const download_url of elsewhere) {
    made.said = { ...made.said, download_url }
    t.match(
      await failure(made.provider.downloadBill?.({ billDate: '20260131' })),
      { errCode: 'BILL_REFUSED', errMsg: /nothing was sent there/ },
      download_url,
    )
  }
  t.equal(stranger.asked.length, 0)
  t.ok(made.platform.asked.every(({ target }) => target.startsWith('/v3/bill/')))
})

t.test('both domains of WeChat Pay may hold the file, over https alone', async (t) => {
  const sent: string[] = []
  const clock = testClock()
  const { platform, said } = await scene(t)
  const real = testDependencies(clock)
  const http: Http = {
    request(request) {
      sent.push(new URL(request.url).origin)
      return real.http.request({ ...request, url: request.url.replace(/^https:\/\/[^/]+/, platform.baseUrl) })
    },
  }
  const dependencies = { ...real, http }
  const provider = weixinV3(
    merchantAt('https://api.mch.weixin.qq.com'),
    dependencies,
    rememberedCertificates(),
  )
  for (const host of ['https://api2.mch.weixin.qq.com', 'http://api2.mch.weixin.qq.com']) {
    platform.answer = ({ target }) =>
      target.startsWith('/v3/billdownload/')
        ? { status: 200, body: packed, signed: false }
        : json(200, { ...said, download_url: `${host}/v3/billdownload/file?token=1` })
    const bill = provider.downloadBill?.({ billDate: '20260131' })
    if (host.startsWith('https')) t.ok((await bill)?.content)
    else t.match(await failure(bill), { errCode: 'BILL_REFUSED' })
  }
  t.strictSame(sent, [
    'https://api.mch.weixin.qq.com',
    'https://api2.mch.weixin.qq.com',
    'https://api.mch.weixin.qq.com',
  ])
})

t.test('no bill, a bill in the making, a file that is not given out', async (t) => {
  const { platform, provider } = await scene(t)
  const ask = () => failure(provider.downloadBill?.({ billDate: '20260131' }))
  for (const status of [400, 404]) {
    platform.answer = () => json(status, { code: 'NO_STATEMENT_EXIST', message: '账单文件不存在' })
    t.match(await ask(), { errCode: 'NO_STATEMENT_EXIST', advice: 'fix the request', outcome: 'failed' })
  }
  platform.answer = () => json(400, { code: 'STATEMENT_CREATING', message: '账单生成中' })
  t.match(await ask(), { errCode: 'STATEMENT_CREATING', advice: 'wait' })
  platform.answer = ({ target }) =>
    target.startsWith('/v3/billdownload/')
      ? json(404, { code: 'PARAM_ERROR', message: 'x' })
      : json(200, {
          hash_type: 'SHA1',
          hash_value: 'x',
          download_url: `${platform.baseUrl}/v3/billdownload/file`,
        })
  t.match(await ask(), {
    errCode: 'BILL_REFUSED',
    errMsg: /HTTP 404\); it said: \{"code":"PARAM_ERROR","message":"x"\}$/,
  })
  t.match(await failure(provider.downloadBill?.({ billDate: '2026-01-31' })), {
    errMsg: /^billDate: expected yyyyMMdd/,
  })
})

t.test('characters that lie across two chunks stay whole', async (t) => {
  const long = '账'.repeat(100_000)
  t.equal(await readBill(gzipSync(Buffer.from(long)), sha1(Buffer.from(long))), long)
  t.equal(await readBill(Buffer.from(long), sha1(Buffer.from(long))), long)
})

t.test('nothing in a bill is left unread: a second gzip member counts', async (t) => {
  const two = Buffer.concat([gzipSync('一'), gzipSync('二')])
  t.equal(await readBill(two, sha1(Buffer.from('一二'))), '一二')
})
