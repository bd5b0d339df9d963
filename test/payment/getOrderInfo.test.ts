import t, { type Test } from 'tap'
import { type LocalPlatforms, startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { type Fields, type House, openHouse } from './house.js'
import { openShop, patiently } from './shop.js'

/** Over the local platforms, which check signatures and parameters as WeChat Pay and a phone do. */
async function open(
  t: Test,
  env: Fields = {},
): Promise<{ house: House; platforms: LocalPlatforms; alice: string; bob: string }> {
  const house = await openHouse(t, env as Record<string, string>)
  const platforms = await startLocalPlatforms({ clock: house.clock })
  t.teardown(() => platforms.close())
  Object.assign(house.env, platforms.settings(), {
    WEIXIN_APP_ID: platforms.app.appId,
    WEIXIN_OPEN_APP_ID: platforms.app.openAppId,
    NOTIFY_BASE_URL: await house.listen(),
  })
  return { house, platforms, alice: platforms.openid('alice'), bob: platforms.openid('bob') }
}

const order = (openid?: string) => ({ outTradeNo: 'T20500101', totalFee: 1999, body: '一杯茶', openid })
const asked = { outTradeNo: 'T20500101' }

const unifiedOrder = (platforms: LocalPlatforms) =>
  platforms.requests.findLast(({ path }) => path === '/pay/unifiedorder')?.body.toString()

t.test('a client names its order; amount, text and payer come from the store', async (t) => {
  const { house, platforms, alice } = await open(t)
  await house.server('createOrder', { ...order(alice), attach: 'a&b', expireMinutes: 30 })
  const answer = await house.client('getOrderInfo', { ...asked, sessionToken: await house.login(alice) })
  t.match(answer, {
    provider: 'weixin-v2',
    orderInfo: {
      appId: platforms.app.appId,
      timeStamp: '2524608000',
      nonceStr: /^[0-9a-f]{32}$/,
      package: /^prepay_id=/,
      signType: 'MD5',
      paySign: /^[0-9A-F]{32}$/,
    },
  })
  const sent = unifiedOrder(platforms) ?? ''
  for (const part of [
    '<total_fee>1999</total_fee>',
    '<body>一杯茶</body>',
    '<attach>a&amp;b</attach>',
    `<openid>${alice}</openid>`,
    '<trade_type>JSAPI</trade_type>',
    '<spbill_create_ip>203.0.113.7</spbill_create_ip>',
    '<time_expire>20500101083000</time_expire>',
    `/verifyPaymentNotify/weixin-v2/${platforms.merchant.mchId}</notify_url>`,
  ]) {
    t.ok(sent.includes(part), part)
  }
  t.match(await house.order('T20500101'), { state: 'PAYING' })
  t.match(await platforms.requestPayment(answer.orderInfo as Fields), { delivery: { state: 'delivered' } })
  t.match(await house.order('T20500101'), { state: 'PAID', payerOpenid: alice })
})

t.test('asking again gives parameters again, until it is paid', async (t) => {
  const { house, platforms, alice } = await open(t)
  await house.server('createOrder', order(alice))
  const sessionToken = await house.login(alice)
  await house.client('getOrderInfo', { ...asked, sessionToken })
  const again = await house.client('getOrderInfo', { ...asked, sessionToken })
  t.equal((await house.order('T20500101')).history.length, 2)
  await platforms.requestPayment(again.orderInfo as Fields)
  t.match(await house.client('getOrderInfo', { ...asked, sessionToken }), { errCode: 'ORDER_PAID' })
})

t.test('an app pays with the token its server gave it', async (t) => {
  const { house, platforms } = await open(t)
  const { payToken } = await house.server('createOrder', order())
  const app = { PLATFORM: 'app-plus' }
  const answer = await house.client('getOrderInfo', { ...asked, payToken }, app)
  t.match(answer, {
    provider: 'weixin-v2',
    orderInfo: {
      appid: platforms.app.openAppId,
      partnerid: platforms.merchant.mchId,
      package: 'Sign=WXPay',
      sign: /^[0-9A-F]{32}$/,
    },
  })
  t.match(unifiedOrder(platforms), /<trade_type>APP<\/trade_type>/)
  t.match(await house.order('T20500101'), { state: 'PAYING', appId: platforms.app.openAppId })
  await platforms.requestPayment(answer.orderInfo as Fields)
  t.match(await house.order('T20500101'), { state: 'PAID' })
})

t.test('HMAC-SHA256 is sent, and stands in the client parameters', async (t) => {
  const { house, platforms, alice } = await open(t, { WEIXIN_PAY_SIGN_TYPE: 'HMAC-SHA256' })
  await house.server('createOrder', order(alice))
  const answer = await house.client('getOrderInfo', { ...asked, sessionToken: await house.login(alice) })
  t.match(answer.orderInfo, { signType: 'HMAC-SHA256', paySign: /^[0-9A-F]{64}$/ })
  t.match(unifiedOrder(platforms), /<sign_type>HMAC-SHA256<\/sign_type>/)
  await platforms.requestPayment(answer.orderInfo as Fields)
  t.match(await house.order('T20500101'), { state: 'PAID' })
})

t.test('a client sets no price and brings nobody', async (t) => {
  const { house, platforms, alice } = await open(t)
  await house.server('createOrder', order(alice))
  const sessionToken = await house.login(alice)
  const bringing: Fields = {
    ...{
      totalFee: 1,
      body: 'x',
      subject: 'x',
      openid: alice,
      attach: 'x',
      notifyUrl: 'https://evil.example.com/',
    },
    ...{
      mchId: '1900000110',
      expireMinutes: 5,
      total_fee: 1,
      amount: 1,
      price: 1,
      appId: 'x',
      secret: 'x',
      key: 'x',
    },
  }
  for (const [field, value] of Object.entries(bringing)) {
    const answer = await house.client('getOrderInfo', { ...asked, sessionToken, [field]: value })
    t.match(answer, { errCode: 'INVALID_PARAM', errMsg: new RegExp(`^${field}: `) })
  }
  t.equal(unifiedOrder(platforms), undefined, 'nothing was asked of WeChat')
  t.equal((await house.order('T20500101')).state, 'CREATED')
})

t.test('unknown, foreign and somebody else’s order are one and the same answer', async (t) => {
  const { house, alice, bob } = await open(t)
  await house.server('createOrder', order(alice))
  await house.server('createOrder', { ...order(), outTradeNo: 'T20500102' })
  await house.server('getOrderInfo', { ...order(), outTradeNo: 'T20500103', clientType: 'app' })
  const theirs = await house.login(bob)
  const answers = [
    await house.client('getOrderInfo', { ...asked, sessionToken: theirs }),
    await house.client('getOrderInfo', { ...asked }),
    await house.client('getOrderInfo', { outTradeNo: 'T20500199', sessionToken: theirs }),
    await house.client('getOrderInfo', { outTradeNo: 'T20500102', sessionToken: theirs }),
    await house.client('getOrderInfo', { outTradeNo: 'T20500102', payToken: 'x'.repeat(43) }),
    await house.client('getOrderInfo', { outTradeNo: 'T20500103', sessionToken: theirs }),
    await house.client('getOrderInfo', { ...asked, sessionToken: theirs, payToken: 'x' }),
  ]
  const seen = new Set(answers.map(({ requestId: _requestId, ...answer }) => JSON.stringify(answer)))
  t.equal(seen.size, 1)
  t.match(answers[0], { errCode: 'ORDER_NOT_FOUND' })
})

t.test('a token opens one order and no other', async (t) => {
  const { house } = await open(t)
  const { payToken } = await house.server('createOrder', order())
  await house.server('createOrder', { ...order(), outTradeNo: 'T20500102' })
  t.match(await house.client('getOrderInfo', { outTradeNo: 'T20500102', payToken }), {
    errCode: 'ORDER_NOT_FOUND',
  })
  t.match(await house.client('getOrderInfo', { ...asked, payToken, clientType: 'app' }), { errCode: 0 })
})

t.test('with ALLOW_CLIENT_PRICING a donor may choose, for itself alone, and it is noted', async (t) => {
  const { house, platforms, alice } = await open(t, { ALLOW_CLIENT_PRICING: 'on' })
  const sessionToken = await house.login(alice)
  const donation = { outTradeNo: 'D20500101', totalFee: 500, body: 'thanks', sessionToken }
  const answer = await house.client('getOrderInfo', donation)
  t.match(answer, { errCode: 0, orderInfo: { paySign: /./ } })
  t.match(house.log.at(-1), { notes: [{ event: 'payment.clientPricing', totalFee: 500 }] })
  t.match(await house.order('D20500101'), { openid: alice, totalFee: 500 })
  t.match(await house.client('getOrderInfo', { ...donation, totalFee: 1 }), { errCode: 'OUT_TRADE_NO_USED' })
  for (const field of ['openid', 'notifyUrl', 'attach', 'mchId']) {
    const value = field === 'notifyUrl' ? 'https://evil.example.com/' : '1900000109'
    t.match(await house.client('getOrderInfo', { ...donation, [field]: value }), {
      errCode: 'INVALID_PARAM',
      errMsg: new RegExp(`^${field}: `),
    })
  }
  const { sessionToken: _none, ...anonymous } = donation
  t.match(await house.client('getOrderInfo', anonymous), { errCode: 'ORDER_NOT_FOUND' })
  await platforms.requestPayment(answer.orderInfo as Fields)
  t.equal((await house.order('D20500101')).state, 'PAID')
})

t.test('a server may say all at once, as the documents show', async (t) => {
  const { house, platforms, alice } = await open(t)
  const whole = {
    ...{ openid: alice, subject: '订单标题', body: '商品描述', outTradeNo: 'T20500101', totalFee: 1 },
    notifyUrl: 'https://shop.example.com/own/notice',
  }
  t.match(await house.server('getOrderInfo', whole), { errCode: 0, orderInfo: { package: /^prepay_id=/ } })
  t.match(unifiedOrder(platforms), /<notify_url>https:\/\/shop\.example\.com\/own\/notice<\/notify_url>/)
  t.match(
    unifiedOrder(platforms),
    /<spbill_create_ip>127\.0\.0\.1<\/spbill_create_ip>/,
    'no address, so none is claimed',
  )
  t.match(await house.order('T20500101'), { totalFee: 1, body: '商品描述', state: 'PAYING' })
  t.match(await house.server('getOrderInfo', whole), { errCode: 0 }, 'again')
  t.match(await house.server('getOrderInfo', { ...whole, totalFee: 2 }), { errCode: 'OUT_TRADE_NO_USED' })
  t.match(
    await house.server('getOrderInfo', { ...asked, notifyUrl: whole.notifyUrl }),
    { errCode: 0 },
    'by number',
  )
  t.match(await house.server('getOrderInfo', { outTradeNo: 'T20500199' }), { errCode: 'ORDER_NOT_FOUND' })
  t.match(
    await house.server('getOrderInfo', { ...whole, outTradeNo: 'T20500102', body: undefined, subject: 'x' }),
    {
      errCode: 0,
    },
  )
  t.match(await house.server('getOrderInfo', { outTradeNo: 'T20500103', totalFee: 1 }), {
    errCode: 'INVALID_PARAM',
    errMsg: /^body: /,
  })
  t.match(await house.server('getOrderInfo', { ...whole, notifyUrl: 'https://x.example.com/?a=1' }), {
    errCode: 'INVALID_PARAM',
    errMsg: /^notifyUrl: /,
  })
})

t.test('an address of its own stays with the order, whoever asks for it next', async (t) => {
  const { house, platforms, alice } = await open(t)
  const sessionToken = await house.login(alice)
  const offered = async (outTradeNo: string) => {
    t.match(await house.client('getOrderInfo', { outTradeNo, sessionToken }), { errCode: 0 }, outTradeNo)
    return /<notify_url>(.*)<\/notify_url>/.exec(unifiedOrder(platforms) ?? '')?.[1]
  }
  const notifyUrl = 'https://shop.example.com/own/notice'
  await house.server('createOrder', { ...order(alice), notifyUrl })
  t.equal(await offered('T20500101'), notifyUrl, 'placed with it')
  await house.server('getOrderInfo', { ...order(alice), outTradeNo: 'T20500102', notifyUrl })
  t.equal(await offered('T20500102'), notifyUrl, 'placed and offered with it')
  await house.server('createOrder', { ...order(alice), outTradeNo: 'T20500103' })
  await house.server('getOrderInfo', { outTradeNo: 'T20500103', notifyUrl })
  t.equal(await offered('T20500103'), notifyUrl, 'offered with it')
  const other = { outTradeNo: 'T20500103', notifyUrl: 'https://shop.example.com/other' }
  t.match(await house.server('getOrderInfo', other), { errCode: 'OUT_TRADE_NO_USED' }, 'WeChat Pay says so')
  t.equal(await offered('T20500103'), notifyUrl)
})

t.test('what cannot be paid is not offered', async (t) => {
  const { house, platforms, alice } = await open(t)
  await house.server('createOrder', { ...order(alice), expireMinutes: 5 })
  const sessionToken = await house.login(alice)
  await house.clock.advance(5 * 60_000)
  t.match(await house.client('getOrderInfo', { ...asked, sessionToken }), { errCode: 'ORDER_CLOSED' })
  await house.store.orders.replace({ ...(await house.order('T20500101')), state: 'CLOSED' })
  t.match(await house.client('getOrderInfo', { ...asked, sessionToken }), { errCode: 'ORDER_CLOSED' })
  t.equal(unifiedOrder(platforms), undefined)
})

t.test('settings and platforms that do not fit are told of', async (t) => {
  const { house, alice } = await open(t)
  await house.server('createOrder', order(alice))
  const sessionToken = await house.login(alice)
  t.match(await house.client('getOrderInfo', { ...asked, sessionToken }, { PLATFORM: 'mp-toutiao' }), {
    errCode: 'INVALID_PARAM',
    errMsg: /^clientType: /,
  })
  t.match(await house.client('getOrderInfo', { ...asked, sessionToken, clientType: 'constructor' }), {
    errCode: 'INVALID_PARAM',
    errMsg: /^clientType: /,
  })
  for (const url of ['https://x.example.com/?a=1', 'x.example.com', 'https://x.example.com/#a']) {
    house.env.NOTIFY_BASE_URL = url
    t.match(await house.client('getOrderInfo', { ...asked, sessionToken }), {
      errCode: 'INVALID_SETTING',
      errMsg: /^NOTIFY_BASE_URL/,
    })
  }
  house.env.NOTIFY_BASE_URL = undefined
  t.match(await house.client('getOrderInfo', { ...asked, sessionToken }), { errCode: 'MISSING_SETTING' })
  house.env.NOTIFY_BASE_URL = 'https://x.example.com'
  house.env.WEIXIN_OPEN_APP_ID = undefined
  t.match(await house.server('getOrderInfo', { ...asked, clientType: 'app' }), {
    errCode: 'MISSING_SETTING',
    errMsg: /WEIXIN_OPEN_APP_ID/,
  })
  t.equal((await house.order('T20500101')).state, 'CREATED')
})

t.test('WeChat’s refusals come through in its own words; a lost answer is an unknown outcome', async (t) => {
  const { house, platforms, alice } = await open(t)
  await house.server('createOrder', order(alice))
  const sessionToken = await house.login(alice)
  const ask = () => patiently({ house }, house.client('getOrderInfo', { ...asked, sessionToken }))
  platforms.faults.next('/pay/unifiedorder', 'busy', 3)
  t.match(await ask(), {
    ...{ errCode: 'SYSTEMERROR', advice: 'retry', outcome: 'unknown' },
  })
  platforms.faults.next('/pay/unifiedorder', 'lost', 3)
  t.match(await ask(), {
    outcome: 'unknown',
    advice: 'retry',
  })
  platforms.faults.next('/pay/unifiedorder', 'forged')
  t.match(await ask(), {
    ...{ errCode: 'UNVERIFIED_ANSWER', outcome: 'unknown' },
  })
  t.match(await ask(), { errCode: 0 }, 'and then it works')
  house.env.WEIXIN_PAY_KEY = '0'.repeat(32)
  t.match(await ask(), {
    errCode: /RETURN_FAIL|SIGNERROR|UNVERIFIED/,
  })
  t.notMatch(JSON.stringify(house.log), platforms.merchant.key)
})

t.test('a code to scan and a web page, at both versions of WeChat Pay', async (t) => {
  for (const provider of ['weixin-v2', 'weixin-v3'] as const) {
    const shop = await openShop(t, provider)
    const { house } = shop
    for (const [clientType, name] of [
      ['native', 'codeUrl'] as const,
      ['h5', 'mwebUrl'] as const,
      ['web', 'mwebUrl'] as const,
    ]) {
      const outTradeNo = `T2050${clientType}`
      const { payToken } = await house.server('createOrder', { outTradeNo, totalFee: 1999, body: 'tea' })
      const asked = { outTradeNo, payToken, clientType }
      const { errCode, orderInfo } = await house.client('getOrderInfo', asked, { PLATFORM: 'web' })
      t.equal(errCode, 0, `${provider} ${clientType}`)
      t.match((orderInfo as Fields)[name], /^(weixin|https):\/\//)
    }
  }
  const alipay = await openShop(t, 'alipay')
  await alipay.place()
  const asked = { outTradeNo: 'T20500101', clientType: 'native' }
  t.match(await alipay.house.server('getOrderInfo', asked), {
    errCode: 'INVALID_PARAM',
    errMsg: /^clientType: /,
  })
})
