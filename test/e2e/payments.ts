import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openFc2 } from '../../tools/demo/calls.js'
import { type MiniProgram, openMiniProgram } from '../../tools/demo/miniProgram.js'
import { type DemoSetup, setUp } from '../../tools/demo/setup.js'
import { reportOf } from '../../tools/demo/steps.js'
import type { LocalPlatforms, OrderInfo, ProviderName } from '../../tools/emulator/platforms/index.js'

/** The built functions behind the local cloud, called by the published clients of both clouds. */

const dist = join(import.meta.dirname, '..', '..', 'dist')

type Fields = Record<string, unknown>

/** What has to be known of each provider from outside. */
const about: Record<
  ProviderName,
  { notice: string; refundNotice: string; secrets(platforms: LocalPlatforms): string[] }
> = {
  'weixin-v2': {
    notice: 'weixin-pay-v2.notice',
    refundNotice: 'weixin-pay-v2.refundNotice',
    secrets: ({ app, merchant }) => [app.secret, merchant.key],
  },
  'weixin-v3': {
    notice: 'weixin-pay-v3.notice',
    refundNotice: 'weixin-pay-v3.refundNotice',
    secrets: ({ app, merchant }) => [app.secret, merchant.v3Key],
  },
  alipay: {
    notice: 'alipay.notice',
    refundNotice: 'alipay.refundNotice',
    secrets: ({ alipay }) => [alipay.console.privateKey.slice(100, 200), alipay.account.aesKey],
  },
}

async function staged(t: Test, provider: ProviderName): Promise<DemoSetup> {
  const stage = await setUp(dist, provider)
  t.teardown(stage.close)
  return stage
}

/** The merchant's server, through Function Compute. */
async function asServer(
  { cloud }: DemoSetup,
  name: string,
  data: Fields,
  group = 'payment',
): Promise<Fields> {
  const client = openFc2(cloud.url)
  const service = `unicloud-openapi-${group}`
  const { data: answer } = await client.invokeFunction(service, name, JSON.stringify(data))
  return JSON.parse(String(answer)) as Fields
}

interface Phone {
  openid: string
  call(name: string, data?: Fields): Promise<Fields>
  /** As `call`, with the login's session. */
  signedIn(name: string, data: Fields): Promise<Fields>
  sessionToken: string
}

async function phoneOf({ cloud, platforms, wallet }: DemoSetup, person: string): Promise<Phone> {
  const { platform } = wallet
  const phone: MiniProgram = openMiniProgram({ endpoint: cloud.url, platform })
  const call = async (name: string, data: Fields = {}) => (await phone.callFunction({ name, data })).result
  const { openid, sessionToken } = await call('authCode2Session', { code: wallet.login(platforms, person) })
  return {
    openid: String(openid),
    sessionToken: String(sessionToken),
    call,
    signedIn: (name, data) => call(name, { ...data, sessionToken }),
  }
}

const orderFor = (openid: string, outTradeNo: string) => ({ outTradeNo, totalFee: 100, body: 'tea', openid })

/** An order of the merchant's server, and what the payer's phone needs for it. */
async function ordered(stage: DemoSetup, phone: Phone, outTradeNo: string): Promise<OrderInfo> {
  await asServer(stage, 'createOrder', orderFor(phone.openid, outTradeNo))
  const answer = await phone.signedIn('getOrderInfo', { outTradeNo })
  if (answer.errCode !== 0) throw new Error(`getOrderInfo: ${answer.errMsg}`)
  return answer.orderInfo as OrderInfo
}

/** An order of hers that was paid. */
async function paid(stage: DemoSetup, outTradeNo: string): Promise<void> {
  const alice = await phoneOf(stage, 'alice')
  await stage.platforms.requestPayment(await ordered(stage, alice, outTradeNo))
}

/** What holds with every provider. */
export function testPayments(provider: ProviderName): void {
  const { notice, refundNotice, secrets } = about[provider]

  t.test(`${provider}: the same notice fifty times at once pays once and tells once`, async (t) => {
    const stage = await staged(t, provider)
    const { platforms, merchant, store } = stage
    await paid(stage, 'order_often')
    const [delivery] = await platforms.redeliver('order_often', 50)
    t.equal(delivery?.attempts.length, 51)
    t.ok(delivery?.attempts.every(({ understood }) => understood))
    const [order] = await store.orders.findByOutTradeNo('order_often')
    t.strictSame(
      order?.history.map(({ to }) => to),
      ['CREATED', 'PAYING', 'PAID'],
    )
    await stage.cloud.fire('eventDispatch')
    t.equal(merchant.events.length, 1)
  })

  t.test(`${provider}: a refund is one refund, whoever tells of it and how often`, async (t) => {
    const stage = await staged(t, provider)
    const { platforms, store, merchant, cloud } = stage
    await paid(stage, 'order_back')
    const wish = { outTradeNo: 'order_back', outRefundNo: 'back_1', refundFee: 40 }
    const answers = await Promise.all([1, 2, 3].map(() => asServer(stage, 'refund', wish)))
    for (const answer of answers) t.match(answer, { errCode: 0, provider, refundFee: 40 })
    t.match(await asServer(stage, 'refund', { ...wish, refundFee: 41 }), { errCode: 'OUT_REFUND_NO_USED' })
    t.match(await asServer(stage, 'refund', { ...wish, outRefundNo: 'back_2', refundFee: 61 }), {
      errCode: 'REFUND_TOO_MUCH',
    })
    await reportOf(platforms, 'back_1')
    await platforms.redeliver('back_1', 20)
    await cloud.fire('eventDispatch')
    const [order] = await store.orders.findByOutTradeNo('order_back')
    t.match(order, {
      state: 'PARTIALLY_REFUNDED',
      refunds: [{ outRefundNo: 'back_1', refundFee: 40, state: 'SUCCEEDED' }],
    })
    t.equal(order?.refunds.length, 1)
    const types = merchant.events.map(({ type }) => type)
    t.strictSame(types.sort(), ['payment.paid', 'refund.succeeded'])
    t.match(await asServer(stage, 'refundQuery', { outTradeNo: 'order_back', outRefundNo: 'back_1' }), {
      ...{ errCode: 0, orderState: 'PARTIALLY_REFUNDED' },
    })
  })

  t.test(`${provider}: a refund whose notice never came is learnt by asking`, async (t) => {
    const stage = await staged(t, provider)
    const { platforms, store } = stage
    await paid(stage, 'order_quiet')
    platforms.faults.next(refundNotice, 'dropped')
    await asServer(stage, 'refund', { outTradeNo: 'order_quiet', outRefundNo: 'quiet_1', refundFee: 100 })
    t.match(await reportOf(platforms, 'quiet_1'), { state: 'waiting' })
    await asServer(stage, 'refundQuery', { outTradeNo: 'order_quiet', outRefundNo: 'quiet_1' })
    t.match(await store.orders.findByOutTradeNo('order_quiet'), [{ state: 'REFUNDED' }])
  })

  t.test(`${provider}: a client decides nothing about money, and reaches nothing of others`, async (t) => {
    const stage = await staged(t, provider)
    const [alice, bob] = [await phoneOf(stage, 'alice'), await phoneOf(stage, 'bob')]
    await asServer(stage, 'createOrder', orderFor(alice.openid, 'order_hers'))

    const servers = ['createOrder', 'refund', 'refundQuery', 'closeOrder', 'cancelOrder', 'downloadBill']
    for (const name of [...servers, 'authGetAccessToken', 'tokenRefresh', 'eventDispatch']) {
      t.match(await bob.signedIn(name, orderFor(bob.openid, 'order_made')), { errCode: 'FORBIDDEN' }, name)
    }
    for (const name of ['verifyPaymentNotify', 'verifyRefundNotify']) {
      t.match(await bob.signedIn(name, {}), { errCode: 'FORBIDDEN' })
    }
    t.strictSame(await stage.store.orders.findByOutTradeNo('order_made'), [])

    for (const own of [
      { totalFee: 1 },
      { body: 'free' },
      { openid: alice.openid },
      { notifyUrl: 'http://127.0.0.1:1/mine' },
      { attach: 'x' },
      { mchId: '1' },
    ]) {
      const field = Object.keys(own)[0] ?? ''
      const answer = await alice.signedIn('getOrderInfo', { outTradeNo: 'order_hers', ...own })
      t.match(answer, { errCode: 'INVALID_PARAM', errMsg: new RegExp(`^${field}: `) }, field)
    }

    const without = ({ requestId: _requestId, ...answer }: Fields) => answer
    for (const name of ['getOrderInfo', 'orderQuery']) {
      const foreign = without(await bob.signedIn(name, { outTradeNo: 'order_hers' }))
      t.match(foreign, { errCode: 'ORDER_NOT_FOUND' })
      t.strictSame(
        foreign,
        without(await bob.signedIn(name, { outTradeNo: 'order_nobodys' })),
        `${name} tells no difference`,
      )
      t.match(await bob.call(name, { outTradeNo: 'order_hers', openid: alice.openid }), { errMsg: /./ })
      t.not((await bob.call(name, { outTradeNo: 'order_hers', sessionToken: 'guessed' })).errCode, 0)
    }
    t.match(await alice.signedIn('getOrderInfo', { outTradeNo: 'order_hers' }), { errCode: 0 })
  })

  t.test(`${provider}: a fresh code does what a session does`, async (t) => {
    const stage = await staged(t, provider)
    const { platforms, wallet } = stage
    const [alice, bob] = [await phoneOf(stage, 'alice'), await phoneOf(stage, 'bob')]
    await asServer(stage, 'createOrder', orderFor(alice.openid, 'order_code'))
    const ask = (person: string) =>
      bob.call('getOrderInfo', { outTradeNo: 'order_code', code: wallet.login(platforms, person) })
    t.match(await ask('bob'), { errCode: 'ORDER_NOT_FOUND' })
    t.match(await ask('alice'), { errCode: 0, provider })
  })

  t.test(`${provider}: no secret is in what functions answer or log`, async (t) => {
    const stage = await staged(t, provider)
    const { platforms, lines } = stage
    const { accessToken } = await asServer(stage, 'authGetAccessToken', {}, 'weixin')
    const alice = await phoneOf(stage, 'alice')
    const orderInfo = await ordered(stage, alice, 'order_quiet')
    platforms.faults.next(notice, 'forged')
    await platforms.requestPayment(orderInfo)
    await platforms.redeliver('order_quiet')
    const answer = JSON.stringify(await alice.signedIn('orderQuery', { outTradeNo: 'order_quiet' }))
    const said = lines.join('\n')
    t.ok(lines.length > 0)
    t.type(accessToken, 'string')
    for (const secret of [
      ...secrets(platforms),
      String(accessToken),
      ...['session_key', 'sessionKey', 'access_token', 'BEGIN PRIVATE KEY', '<xml>', 'biz_content'],
    ]) {
      t.notOk(said.includes(secret), secret)
      t.notOk(answer.includes(secret), secret)
    }
    t.notOk(said.includes(alice.sessionToken))
  })
}
