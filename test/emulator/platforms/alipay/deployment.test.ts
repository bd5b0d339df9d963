import t, { type Test } from 'tap'
import { alipayApps } from '../../../../shared/config/alipayApp.js'
import {
  environmentSource,
  type SettingName,
  Settings,
  settingInfo,
} from '../../../../shared/config/index.js'
import { OpenapiError } from '../../../../shared/errors/index.js'
import { alipay as operations } from '../../../../shared/generated/apis.js'
import { fen } from '../../../../shared/money.js'
import type { Context, HttpCall } from '../../../../shared/operation/index.js'
import { alipay } from '../../../../shared/payment/alipay/index.js'
import type { OrderRequest, PaymentProvider } from '../../../../shared/payment/provider.js'
import type { LocalPlatformsOptions } from '../../../../tools/emulator/platforms/index.js'
import { testDependencies } from '../../../alipay/fixtures.js'
import { openShopAlipay, type ShopAlipay } from './merchant.js'

/** What the house itself says to the local platforms, and makes of its answers, with the settings that the local platforms name. */

interface House extends Omit<ShopAlipay, 'call'> {
  provider: PaymentProvider
  context: Context
  request(outTradeNo: string, changes?: Partial<OrderRequest>): OrderRequest
  /** The last notice as it came in, for the provider to read. */
  call(): HttpCall
}

async function openHouse(t: Test, options: LocalPlatformsOptions = {}): Promise<House> {
  const shop = await openShopAlipay(t, options)
  const { platforms, clock, merchant } = shop
  const names = new Set(Object.keys(settingInfo) as SettingName[])
  const settings = new Settings([environmentSource(platforms.settings('alipay'))], names)
  const [app] = alipayApps(settings)
  if (!app) throw new Error('the settings name no application')
  const dependencies = { ...testDependencies(), clock: { ...clock, sleep: async () => undefined } }
  const context = { ...dependencies, settings, source: 'server' } as Partial<Context> as Context
  return {
    ...shop,
    provider: alipay(app, dependencies),
    context,
    request: (outTradeNo, changes = {}) => ({
      ...{ scene: 'mini', appId: app.appId, outTradeNo, totalFee: fen(1999), currency: 'CNY' },
      ...{ body: '茶 50% + "x"', attach: 'a=1&b=2', openid: platforms.alipay.openid('alice') },
      ...{ notifyUrl: merchant.notifyUrl, payerIp: '127.0.0.1' },
      ...changes,
    }),
    call() {
      const { headers, body } = merchant.received.at(-1) ?? { headers: {}, body: '' }
      const contentType = headers['content-type'] ?? ''
      return {
        ...{ method: 'POST', path: '/', query: {}, rawBody: Buffer.from(body) },
        headers: { 'content-type': contentType },
      }
    },
  } as House
}

async function failureOf(work: Promise<unknown> | undefined) {
  try {
    await work
  } catch (error) {
    if (error instanceof OpenapiError) return { errCode: error.errCode, outcome: error.outcome }
    throw error
  }
  throw new Error('it went well')
}

const deals: Record<string, LocalPlatformsOptions['alipay']> = {
  'keys, open ids': {},
  'certificates, user ids, notices in GBK': {
    verification: 'certificates',
    userIds: 'user_id',
    noticeCharset: 'gbk',
  },
  'the old RSA': { signType: 'RSA' },
}

for (const [name, alipayOptions] of Object.entries(deals)) {
  t.test(`${name}: a mini program's payment, a part given back, then the rest`, async (t) => {
    const { platforms, provider, request, call, clock } = await openHouse(t, { alipay: alipayOptions })
    const openid = platforms.alipay.openid('alice')
    const orderInfo = String(await provider.getOrderInfo(request('H1')))
    t.equal(await provider.getOrderInfo(request('H1')), orderInfo, 'asked again, the same order')
    t.match(await provider.orderQuery({ outTradeNo: 'H1' }), { facts: { tradeState: 'USERPAYING' } })
    t.match(await platforms.requestPayment(orderInfo, { couponFee: 99 }), { order: { totalFee: 1999 } })
    const payment = { outTradeNo: 'H1', transactionId: orderInfo, totalFee: 1999, openid }
    t.match(await provider.readNotice(call()), {
      authentic: true,
      notice: { payment: { ...payment, tradeState: 'SUCCESS', cashFee: 1900, attach: 'a=1&b=2' } },
    })
    t.match(await provider.orderQuery({ outTradeNo: 'H1' }), {
      facts: { ...payment, tradeState: 'SUCCESS', timeEnd: '20500101080000' },
    })
    const refund = (outRefundNo: string, refundFee: number) =>
      provider.refund?.({
        ...{ outTradeNo: 'H1', outRefundNo, totalFee: fen(1999), refundFee: fen(refundFee) },
        ...{ currency: 'CNY', refundDesc: '茶' },
      })
    t.match(await refund('R1', 57), { state: 'SUCCEEDED', refundFee: 57, refundedFee: 57 })
    t.match(await refund('R1', 57), { state: 'SUCCEEDED', refundedFee: 57 }, 'again, and only once')
    await clock.advance(2000)
    await platforms.tick()
    t.match(await provider.readNotice(call()), {
      notice: { payment: { tradeState: 'SUCCESS' }, refund: { outRefundNo: 'R1', refundedFee: 57 } },
    })
    t.match(await refund('R2', 1942), { state: 'SUCCEEDED', refundedFee: 1999 })
    await platforms.finishRefund('R2')
    t.match(await provider.readNotice(call()), {
      notice: { payment: { tradeState: 'REFUND' }, refund: { outRefundNo: 'R2', refundedFee: 1999 } },
    })
    const asked = await provider.refundQuery?.({ outTradeNo: 'H1', outRefundNo: 'R1' })
    t.match(asked, { totalFee: 1999, refunds: [{ state: 'SUCCEEDED', refundFee: 57, refundDesc: '茶' }] })
    t.equal(await provider.refundQuery?.({ outTradeNo: 'H1', outRefundNo: 'R3' }), undefined)
  })

  t.test(`${name}: an app's payment`, async (t) => {
    const { platforms, provider, request } = await openHouse(t, { alipay: alipayOptions })
    const orderInfo = await provider.getOrderInfo(request('H2', { scene: 'app' }))
    t.equal(await provider.orderQuery({ outTradeNo: 'H2' }), undefined, 'nobody has opened the cashier')
    t.match(await platforms.requestPayment(orderInfo), { order: { state: 'TRADE_SUCCESS', totalFee: 1999 } })
    t.match(await provider.orderQuery({ outTradeNo: 'H2' }), { facts: { tradeState: 'SUCCESS' } })
  })

  t.test(`${name}: closing, cancelling, bills`, async (t) => {
    const { platforms, provider, request } = await openHouse(t, { alipay: alipayOptions })
    await provider.getOrderInfo(request('H3'))
    t.match(await provider.closeOrder?.({ outTradeNo: 'H3' }), { outTradeNo: 'H3' })
    await provider.getOrderInfo(request('H4'))
    await platforms.pay('H4')
    platforms.faults.next('alipay.trade.cancel', 'unfinished', 2)
    t.match(await provider.cancelOrder?.({ outTradeNo: 'H4' }), { outTradeNo: 'H4', action: 'refund' })
    const bill = await provider.downloadBill?.({ billDate: '20500101' })
    t.match(bill?.content, /H4\t,交易\t,茶 50% \+ "x"/)
    t.equal(bill?.files?.length, 2)
    t.match(await failureOf(provider.downloadBill?.({ billDate: '20490101' })), {
      errCode: 'NO_STATEMENT_EXIST',
    })
    platforms.faults.next('alipay.data.dataservice.bill.downloadurl.query', 'wrong-host')
    t.match(await failureOf(provider.downloadBill?.({ billDate: '20500101' })), {
      errCode: 'UNVERIFIED_ANSWER',
    })
  })

  t.test(`${name}: the open APIs`, async (t) => {
    const { platforms, context } = await openHouse(t, { alipay: alipayOptions })
    const openid = platforms.alipay.openid('alice')
    const { auth, acode, subscribeMessage, decrypt, request } = operations
    const login = await auth.code2Session.run(
      { code: platforms.alipay.login('alice'), needKey: true },
      context,
    )
    t.match(login, { openid, expiresIn: 1296000, accessToken: /./, unionid: /./ })
    t.match(await failureOf(auth.code2Session.run({ code: 'nonsense', needKey: false }, context)), {
      errCode: 'isv.code-invalid',
    })
    const code = { page: 'pages/index/index', scene: 'a=1', describe: '茶' }
    t.match(await acode.getMiniCode.run(code, context), { qrCodeUrlCircleBlue: /-blue$/ })
    const message = { touser: openid, templateId: 'T1', data: { keyword1: { value: '茶' } } }
    t.strictSame(await subscribeMessage.send.run(message, context), {})
    const { mobile, ...sealed } = platforms.alipay.phoneNumber('alice')
    t.strictSame(await decrypt.getPhoneNumber.run({ response: JSON.stringify(sealed) }, context), {
      phoneNumber: mobile,
    })
    const query = { method: 'alipay.trade.query', data: { biz_content: { out_trade_no: 'none' } } }
    t.match(await failureOf(request.run(query, context)), { errCode: 'ACQ.TRADE_NOT_EXIST' })
  })
}

t.test('what happened on the way is told as it is', async (t) => {
  const { platforms, provider, request } = await openHouse(t)
  await provider.getOrderInfo(request('H5'))
  await platforms.pay('H5')
  const query = () => provider.orderQuery({ outTradeNo: 'H5' })
  const unverified = { errCode: 'UNVERIFIED_ANSWER', outcome: 'unknown' }
  for (const fault of ['forged', 'unsigned', 'downgraded'] as const) {
    platforms.faults.next('alipay.trade.query', fault)
    t.match(await failureOf(query()), unverified, fault)
  }
  platforms.faults.next('alipay.trade.query', 'denied')
  t.match(
    await failureOf(query()),
    { errCode: 'ACQ.TRADE_NOT_EXIST', outcome: 'unknown' },
    'an unsigned no proves nothing',
  )
  for (const fault of ['busy', 'busy-acted', 'lost', 'html', 'truncated'] as const) {
    platforms.faults.next('alipay.trade.query', fault)
    t.match(await query(), { facts: { tradeState: 'SUCCESS' } }, `${fault}, and right the second time`)
  }
})

t.test('a refund whose answer was lost is asked for again and made once', async (t) => {
  const { platforms, provider, request } = await openHouse(t)
  await provider.getOrderInfo(request('H6'))
  await platforms.pay('H6')
  const wish = {
    ...{ outTradeNo: 'H6', outRefundNo: 'R1', totalFee: fen(1999), refundFee: fen(1000) },
    currency: 'CNY',
  }
  for (const fault of ['lost', 'busy-acted'] as const) {
    platforms.faults.next('alipay.trade.refund', fault)
    t.match(await provider.refund?.(wish), { state: 'SUCCEEDED', refundedFee: 1000 }, fault)
  }
  platforms.faults.next('alipay.trade.refund', 'unfinished')
  const second = { ...wish, outRefundNo: 'R2', refundFee: fen(999) }
  t.match(await provider.refund?.(second), { state: 'PROCESSING', refundedFee: 1000 })
  await platforms.finishRefund('R2', 'CLOSED')
  t.equal(await provider.refundQuery?.({ outTradeNo: 'H6', outRefundNo: 'R2' }), undefined)
})

t.test('notices that are not what they should be are told apart', async (t) => {
  const { platforms, provider, request, call, merchant } = await openHouse(t)
  merchant.answer = { status: 200, body: 'fail' }
  const reasons = {
    forged: 'signature wrong',
    unsigned: 'signature missing',
    downgraded: 'signature type not ours',
    'wrong-merchant': 'other merchant',
    'other-app': 'other app',
  } as const
  let number = 0
  for (const [fault, reason] of Object.entries(reasons)) {
    number += 1
    await provider.getOrderInfo(request(`H7_${number}`))
    platforms.faults.next('alipay.notice', fault as keyof typeof reasons)
    await platforms.pay(`H7_${number}`)
    t.match(await provider.readNotice(call()), { authentic: false, reason }, fault)
  }
})

t.test('a certificate that Alipay has changed is fetched, looked at and believed', async (t) => {
  const { platforms, provider, request, call } = await openHouse(t, {
    alipay: { verification: 'certificates' },
  })
  const orderInfo = String(await provider.getOrderInfo(request('H8')))
  platforms.alipay.rotateCertificate()
  t.match(await provider.orderQuery({ outTradeNo: 'H8' }), { facts: { tradeState: 'USERPAYING' } })
  const downloads = () =>
    platforms.requests.filter(({ api }) => api === 'alipay.open.app.alipaycert.download')
  t.equal(downloads().length, 1)
  await platforms.requestPayment(orderInfo)
  t.match(await provider.readNotice(call()), { authentic: true }, 'notices name no certificate')
  platforms.faults.next('alipay.trade.query', 'unknown-serial')
  t.match(await failureOf(provider.orderQuery({ outTradeNo: 'H8' })), { errCode: 'UNVERIFIED_ANSWER' })
})
