import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import type { WeixinOptions } from '../../shared/library/index.js'
import { signature } from '../../shared/payment/weixin-v2/signature.js'
import { readFlatXml, writeFlatXml } from '../../shared/xml/flatXml.js'
import { failureOf, freshLibrary } from './built.js'
import { openShop } from './shop.js'

/** What the constructors take, and how errors speak of it. */

const { initWeixin, initAlipay } = freshLibrary()
const appId = 'wx0123456789abcdef'
const order = {
  openid: 'oUpF8uMuAJO_M2pxb1Q9zNjWeS6o',
  body: '商品',
  outTradeNo: 'library-0100',
  totalFee: 1,
  notifyUrl: 'https://shop.example.com/notice',
}

t.test('an option that does not exist is refused at once', async (t) => {
  t.throws(() => initWeixin({ appId, appsecret: 'x' } as unknown as WeixinOptions), {
    errCode: 'INVALID_PARAM',
    message: /^appsecret: unknown option; known here: .*appId, secret/,
  })
  t.throws(() => initWeixin({ appId, endpoints: { weixinAPI: 'http://x' } } as unknown as WeixinOptions), {
    message: /^endpoints\.weixinAPI: unknown option; known here: weixinApi, weixinPay/,
  })
  t.ok(initWeixin({ appId, endpoints: { alipayGateway: 'http://x/gateway.do' } }), 'one set serves all')
  t.throws(() => initAlipay({ appId: '2021000122671080', secret: 'x' } as never), { message: /^secret: / })
  for (const timeout of [0, -1, Number.NaN, '5s' as unknown as number]) {
    t.throws(() => initWeixin({ appId, timeout }), { message: /^timeout: expected milliseconds/ })
  }
})

t.test("uni-pay's further options are ignored, and a warning names them once", async (t) => {
  const warned: string[] = []
  const { warn } = console
  console.warn = (text: string) => warned.push(text)
  t.teardown(() => {
    console.warn = warn
  })
  const options = {
    appId: '2021000122671080',
    privateKey: 'x',
    gateway: 'https://x',
    timeOffset: 8,
    mchId: '1',
  }
  t.ok(initAlipay(options))
  t.ok(initAlipay(options), 'and again')
  t.ok(initWeixin({ appId, sandboxKey: 'x' } as unknown as WeixinOptions))
  t.match(warned, [
    /initAlipay .*gateway \(endpoints\.alipayGateway\), timeOffset \(always Beijing\), mchId \(sellerId\)$/,
    /initWeixin .*sandboxKey/,
  ])
  t.equal(warned.length, 2)
})

t.test('errors speak of options, not of settings', async (t) => {
  const secretless = initWeixin({ appId }).wxacode.get({ path: 'pages/index/index' })
  t.match(await failureOf(secretless), {
    errCode: 'MISSING_SETTING',
    errMsg: /^secret is not set\. Looked in: initWeixin options\./,
    advice: 'fix the settings',
  })
  const cases: [Partial<WeixinOptions>, RegExp][] = [
    [{}, /^mchId is not set/],
    [{ mchId: '1900000109' }, /^key is not set/],
    [{ mchId: '1900000109', key: 'short' }, /^key: not in the shape it has to have/],
    [{ mchId: '1900000109', v3Key: 'k'.repeat(32) }, /^serialNo is not set/],
    [{ mchId: '1', key: 'k'.repeat(32) }, /^mchId: not in the shape/],
    [
      { mchId: '1900000109', key: 'k'.repeat(32), endpoints: { weixinPay: 'ftp://x' } },
      /^endpoints.weixinPay: /,
    ],
  ]
  for (const [more, errMsg] of cases) {
    const failure = await failureOf(initWeixin({ appId, ...more }).payment.getOrderInfo(order))
    t.match(failure, { errMsg, advice: 'fix the settings' })
    t.notMatch(failure, { errMsg: /WEIXIN_/ })
  }
  const wrongApp = initWeixin({ appId: 'appId', secret: 'secret' }).auth.getAccessToken()
  t.match(await failureOf(wrongApp), { errCode: 'INVALID_SETTING', errMsg: /^appId: not an application id/ })
})

t.test('what a payment is given is checked before anything is sent', async (t) => {
  const { openapi, platforms } = await openShop(t)
  const { payment } = openapi('v3')
  const cases: [object, RegExp][] = [
    [{ totalFee: 0.57 }, /^totalFee: expected a whole number of fen/],
    [{ totalFee: '57' }, /^totalFee: /],
    [{ outTradeNo: 'short' }, /^outTradeNo: expected 6 to 32/],
    [{ notifyUrl: 'https://shop.example.com/notice?a=1' }, /^notifyUrl: /],
    [{ body: undefined }, /^body: required/],
    [{ clientType: 'mp-baidu' }, /^clientType: expected one of mp-weixin/],
    [{ timeExpire: '20501301000000' }, /^timeExpire: /],
    [{ total_fee: 1 }, /^total_fee: unknown parameter; known here: outTradeNo/],
  ]
  for (const [change, errMsg] of cases) {
    t.match(await failureOf(payment.getOrderInfo({ ...order, ...change })), {
      errCode: 'INVALID_PARAM',
      errMsg,
    })
  }
  t.match(await failureOf(payment.orderQuery({})), { errMsg: /^outTradeNo: required, or transactionId/ })
  t.match(await failureOf(payment.downloadBill({ billDate: '2050-01-01' })), { errMsg: /^billDate: / })
  t.equal(platforms.requests.length, 0)
})

t.test('uniCloud says where the caller is, unless the options do', async (t) => {
  const { openapi, platforms, merchant } = await openShop(t)
  const scope = globalThis as { __ctx__?: { PLATFORM: string } }
  t.teardown(() => {
    delete scope.__ctx__
  })
  const wish = { ...order, openid: platforms.openid('alice'), notifyUrl: merchant.notifyUrl }
  scope.__ctx__ = { PLATFORM: 'app-plus' }
  const inApp = openapi('v3', { appId: platforms.app.openAppId })
  t.match(await inApp.getOrderInfo(wish), { prepayid: String })
  t.match(
    await openapi('v3', { clientType: 'mp-weixin' }).getOrderInfo({ ...wish, outTradeNo: 'library-0101' }),
    {
      package: /^prepay_id=/,
    },
  )
  scope.__ctx__ = { PLATFORM: 'mp-toutiao' }
  t.match(await failureOf(inApp.getOrderInfo(wish)), { errMsg: /^clientType: / })
})

t.test('a call ends with its time', async (t) => {
  const silent = createServer(() => undefined)
  const weixinApi = await addressOf(t, silent)
  const { wxacode } = initWeixin({ appId, accessToken: 'x', timeout: 150, endpoints: { weixinApi } })
  t.match(await failureOf(wxacode.get({ path: 'pages/index/index' })), {
    errCode: 'UPSTREAM_TIMEOUT',
    outcome: 'unknown',
  })
})

t.test("V2's sandbox: another key, fetched once, and other addresses", async (t) => {
  const realKey = 'a'.repeat(32)
  const sandboxKey = 'b'.repeat(32)
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const fields = readFlatXml(Buffer.concat(parts).toString())
    const isKey = request.url === '/sandboxnew/pay/getsignkey'
    const isSigned = fields.get('sign') === signature(fields, isKey ? realKey : sandboxKey, 'MD5')
    asked.push(`${request.url} ${isSigned}`)
    const reply: [string, string][] = isKey
      ? [['sandbox_signkey', sandboxKey]]
      : [
          ['return_code', 'FAIL'],
          ['return_msg', 'no such amount in the sandbox'],
        ]
    response.end(writeFlatXml([...(isKey ? [['return_code', 'SUCCESS'] as [string, string]] : []), ...reply]))
  })
  const weixinPay = await addressOf(t, server)
  const options = { appId, mchId: '1900000109', key: realKey, sandbox: true, endpoints: { weixinPay } }
  const { payment } = initWeixin(options)
  for (const outTradeNo of ['library-0102', 'library-0103']) {
    t.match(await failureOf(payment.orderQuery({ outTradeNo })), { errMsg: /no such amount in the sandbox/ })
  }
  t.strictSame(asked, [
    '/sandboxnew/pay/getsignkey true',
    '/sandboxnew/pay/orderquery true',
    '/sandboxnew/pay/orderquery true',
  ])
})

async function addressOf(t: Test, server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
