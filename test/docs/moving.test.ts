import t, { type Test } from 'tap'
import type { Weixin } from '../../shared/library/index.js'
import { alipayOptionNames } from '../../shared/library/initAlipay.js'
import { weixinOptionNames } from '../../shared/library/initWeixin.js'
import { readFunctions } from '../build/dist.js'
import { failureOf } from '../library/built.js'
import { openShop, type Shop } from '../library/shop.js'
import { type UniPayOptions, uniPayAt } from '../support/peers/uniPay.js'
import { blockNamed, blocksOf, textOf } from './blocks.js'
import { type Exports, libraryAt, runFunction } from './program.js'

/** Both columns of the page run, and answer the same. */

const PAGE = 'docs/moving.md'
const UNI_PAY = '@dcloudio/uni-pay'
const REFUND_MS = 2000

const block = (name: string): string => blockNamed(PAGE, name)

t.test('no block is left out', async (t) => {
  t.strictSame(
    blocksOf(PAGE).map(({ name }) => name),
    [
      ...['plugin before', 'plugin after', 'uni-pay before', 'uni-pay after', 'v3', 'vk before', 'vk after'],
      'without accounts',
    ],
  )
})

t.test('unicloud-server-plugin: the same program, under the old name and under the new one', async (t) => {
  const { library, platforms } = await openShop(t)
  const ours = libraryAt(library, platforms)
  const { appId, secret } = platforms.app
  const made = async (name: string) => {
    const modules = { '@dcloudio/unicloud-server-plugin': ours, 'unicloud-openapi': ours }
    const files = { 'config.json': JSON.stringify({ appId, secret }) }
    return runFunction(t, block(name), { modules, files }).main?.({
      code: platforms.login('alice'),
      scene: 'a=1',
    })
  }
  const before = await made('plugin before')
  t.match(before, { openid: platforms.openid('alice'), base64: /^[\w+/]{20}/ })
  t.strictSame(await made('plugin after'), before)
})

/** A cloud function of somebody who pays by uni-pay, or by what took its place. */
function payer(t: Test, name: string, { library, platforms, merchant }: Shop): Exports {
  const { initWeixin, remove } = uniPayAt(platforms.secureUrl, platforms.files.authority)
  t.teardown(remove)
  const { mchId, key } = platforms.merchant
  const config = { appId: platforms.app.appId, mchId, key, notifyUrl: merchant.notifyUrl }
  return runFunction(t, block(name), {
    modules: { [UNI_PAY]: { initWeixin }, 'unicloud-openapi': libraryAt(library, platforms) },
    files: { 'config.json': JSON.stringify(config), 'apiclient_cert.p12': platforms.files.pfx() },
  })
}

/** One order's whole life, and what the function answered at every step. */
async function life(shop: Shop, program: Exports, outTradeNo: string) {
  const { platforms, clock, lastEvent } = shop
  const orderInfo = await program.order?.({ goods: 'tea', openid: platforms.openid('alice'), outTradeNo })
  const { tradeState } = { ...(await program.query?.({ outTradeNo })) }
  await platforms.requestPayment(orderInfo as Record<string, string>)
  const notice = await program.notice?.(lastEvent())
  const refund = await program.refund?.({ outTradeNo, outRefundNo: `${outTradeNo}-1` })
  await clock.advance(REFUND_MS)
  await platforms.tick()
  const fields = Object.keys(orderInfo ?? {}).sort()
  return { fields, tradeState, notice, refund, refunded: await program.query?.({ outTradeNo }) }
}

t.test('uni-pay: the published package and the library answer the same', async (t) => {
  const shop = await openShop(t)
  const before = await life(shop, payer(t, 'uni-pay before', shop), 'moving-0001')
  t.match(before, {
    tradeState: 'NOTPAY',
    notice: { outTradeNo: 'moving-0001', totalFee: 1999, resultCode: 'SUCCESS' },
    refund: { refundFee: 9 },
    refunded: { tradeState: 'REFUND', totalFee: 1999 },
  })
  const after = await life(shop, payer(t, 'uni-pay after', shop), 'moving-0002')
  t.strictSame(after, { ...before, notice: { ...before.notice, outTradeNo: 'moving-0002' } })
})

t.test('the two columns differ by what is required alone', async (t) => {
  const before = block('uni-pay before').replace(UNI_PAY, 'unicloud-openapi')
  t.equal(block('uni-pay after'), before)
})

interface Both {
  shop: Shop
  old: ReturnType<ReturnType<typeof uniPayAt>['initWeixin']>
  now: Weixin
  order: { openid: string; body: string; totalFee: number; notifyUrl: string }
}

async function both(t: Test, more: Partial<UniPayOptions> = {}): Promise<Both> {
  const shop = await openShop(t)
  const { platforms, library, merchant } = shop
  const { initWeixin, remove } = uniPayAt(platforms.secureUrl, platforms.files.authority)
  t.teardown(remove)
  const { mchId, key } = platforms.merchant
  const options = { appId: platforms.app.appId, mchId, key, pfx: platforms.files.pfx(), ...more }
  const { notifyUrl } = merchant
  return {
    ...{ shop, old: initWeixin(options), now: libraryAt(library, platforms).initWeixin(options) },
    order: { openid: platforms.openid('alice'), body: 'tea', totalFee: 1999, notifyUrl },
  }
}

t.test('what differs: refund notices', async (t) => {
  const { shop, old, now, order } = await both(t)
  const { platforms, clock, merchant, lastEvent } = shop
  await platforms.requestPayment(await now.getOrderInfo({ ...order, outTradeNo: 'moving-0003' }))
  const numbers = { outTradeNo: 'moving-0003', outRefundNo: 'moving-0003-1' }
  await now.refund({ ...numbers, totalFee: 1999, refundFee: 9, notifyUrl: merchant.notifyUrl })
  await clock.advance(REFUND_MS)
  await platforms.tick()
  const verify = (old as unknown as { verifyRefundNotify(event: unknown): Promise<unknown> })
    .verifyRefundNotify
  await t.rejects(verify(lastEvent()), /Invalid initialization vector/)
  t.match(await now.verifyRefundNotify(lastEvent()), { ...numbers, refundFee: 9, refundStatus: 'SUCCESS' })
})

t.test('what differs: HMAC-SHA256, missing amounts, failures', async (t) => {
  const { old, now, order } = await both(t, { signType: 'HMAC-SHA256' })
  await t.rejects(old.getOrderInfo({ ...order, outTradeNo: 'moving-0004' }), /签名错误/)
  await now.getOrderInfo({ ...order, outTradeNo: 'moving-0004' })
  t.notOk('cashFee' in (await now.orderQuery({ outTradeNo: 'moving-0004' })))
  t.match(await failureOf(now.orderQuery({ outTradeNo: 'moving-none' })), {
    errCode: 'ORDER_NOT_FOUND',
    errMsg: String,
    advice: String,
  })
})

t.test('what differs: the same of uni-pay', async (t) => {
  const { old, order } = await both(t)
  await old.getOrderInfo({ ...order, outTradeNo: 'moving-0005' })
  t.ok(Number.isNaN((await old.orderQuery({ outTradeNo: 'moving-0005' })).cashFee))
  const failure = await failureOf(old.orderQuery({ outTradeNo: 'moving-none' }))
  t.type(failure, Error)
  t.notOk('errCode' in (failure as Error) || 'code' in (failure as Error))
})

t.test('what differs: a .p12 as WeChat writes it', async (t) => {
  const { shop, now, order } = await both(t)
  const pfx = shop.platforms.files.pfx('rc2')
  const { mchId, key } = shop.platforms.merchant
  const options = { appId: shop.platforms.app.appId, mchId, key, pfx }
  await shop.platforms.requestPayment(await now.getOrderInfo({ ...order, outTradeNo: 'moving-0006' }))
  const wish = { outTradeNo: 'moving-0006', outRefundNo: 'R1', totalFee: 1999, refundFee: 9 }
  const { initWeixin, remove } = uniPayAt(shop.platforms.secureUrl, shop.platforms.files.authority)
  t.teardown(remove)
  await t.rejects(initWeixin(options).refund(wish), /unsupported/i)
  const ours = libraryAt(shop.library, shop.platforms).initWeixin(options)
  t.match(await ours.refund(wish), { errCode: 0, refundFee: 9 })
})

t.test('WeChat Pay V3 by options alone', async (t) => {
  const shop = await openShop(t)
  const { platforms, library, merchant } = shop
  const [[publicKeyId, publicKey] = ['', '']] = Object.entries(platforms.platformKeys())
  const { mchId, v3Key } = platforms.merchant
  const config = { appId: platforms.app.appId, mchId, v3Key, serialNo: platforms.files.serialNo, publicKeyId }
  const exported: { pay?: Weixin } = runFunction(t, block('v3'), {
    modules: { 'unicloud-openapi': libraryAt(library, platforms) },
    files: {
      'config.json': JSON.stringify(config),
      'apiclient_key.pem': platforms.files.key,
      'pub_key.pem': publicKey,
    },
  }) as object
  const order = { openid: platforms.openid('alice'), body: 'tea', totalFee: 1999, outTradeNo: 'moving-0007' }
  const orderInfo = await exported.pay?.getOrderInfo({ ...order, notifyUrl: merchant.notifyUrl })
  t.equal(orderInfo?.signType, 'RSA')
  t.match(await platforms.requestPayment(orderInfo ?? {}), { order: { state: 'SUCCESS' } })
  t.match(await exported.pay?.verifyPaymentNotify(shop.lastEvent()), { outTradeNo: 'moving-0007' })
})

t.test('without accounts: WeChat Pay V2 by what the local platforms answer, a refund included', async (t) => {
  const { platforms, library, merchant, clock } = await openShop(t)
  const asked = async (path: string) => (await fetch(`${platforms.url}${path}`)).text()
  const { pay } = runFunction(t, block('without accounts'), {
    modules: { 'unicloud-openapi': library },
    files: {
      'settings.json': await asked('/twin/settings?provider=weixin-v2'),
      'files.json': await asked('/twin/files'),
    },
  }) as unknown as { pay: Weixin }
  const { openid } = await pay.auth.code2Session(platforms.login('alice'))
  const order = {
    openid,
    body: 'tea',
    totalFee: 1999,
    outTradeNo: 'moving-0008',
    notifyUrl: merchant.notifyUrl,
  }
  t.match(await platforms.requestPayment(await pay.getOrderInfo(order)), { order: { state: 'SUCCESS' } })
  const refund = { outTradeNo: 'moving-0008', outRefundNo: 'R1', totalFee: 1999, refundFee: 9 }
  t.match(await pay.refund(refund), { errCode: 0, refundFee: 9 })
  await clock.advance(REFUND_MS)
  t.match(await pay.refundQuery({ outRefundNo: 'R1' }), { refundList: [{ refundStatus: 'SUCCESS' }] })
})

t.test('vk.openapi: a function of vk and one without', async (t) => {
  const { library, platforms } = await openShop(t)
  const ours = libraryAt(library, platforms)
  const modules = { 'unicloud-openapi': ours }
  const before = await runFunction(t, block('vk before'), {}).main?.({
    data: { scene: 'a=1' },
    util: { vk: ours.vk() },
  })
  t.match(before, { code: 0, base64: /^[\w+/]{20}/ })
  const after = runFunction(t, block('vk after'), { modules })
  t.strictSame(await after.main?.({ scene: 'a=1' }), before)
  t.match(await after.main?.({ scene: 'x'.repeat(33) }), { code: -1, errCode: 'INVALID_PARAM' })
})

t.test('options and settings have the names that the page gives', async (t) => {
  const [, weixin = '', alipay = ''] = textOf(PAGE).split(/^\| `init\w+` \| setting \|$/m)
  const rowsOf = (table: string) =>
    [...(table.split('\n\n')[0] ?? '').matchAll(/^\| `(\w+)` \| (.+) \|$/gm)].flatMap(
      ([, option, settings = '']) =>
        [...settings.matchAll(/`(\w+)`/g)].map(([, setting = '']) => [setting, option] as const),
    )
  t.ok(rowsOf(weixin).length >= 12 && rowsOf(alipay).length >= 6)
  t.match(weixinOptionNames, Object.fromEntries(rowsOf(weixin)))
  t.match(alipayOptionNames, Object.fromEntries(rowsOf(alipay)))
})

t.test('the functions that take the place of programs are built', async (t) => {
  const [, chapter = ''] = /^## As functions\n([\s\S]*?)^## /m.exec(textOf(PAGE)) ?? []
  const named = chapter
    .split('\n')
    .flatMap((row) => [...(row.split('|')[2] ?? '').matchAll(/`([a-z]\w+)`/g)].map(([, name = '']) => name))
  const built = readFunctions().map(({ name }) => name)
  t.ok(named.length >= 8)
  t.strictSame(
    named.filter((name) => !built.includes(name)),
    [],
  )
})
