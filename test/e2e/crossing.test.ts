import { join } from 'node:path'
import t, { type Test } from 'tap'
import { openEmbeddedStore } from '../../shared/store/embedded/open.js'
import type { Store } from '../../shared/store/port.js'
import { callAsServer, succeeded } from '../../tools/demo/calls.js'
import { openMiniProgram } from '../../tools/demo/miniProgram.js'
import { reportOf } from '../../tools/demo/steps.js'
import { wallets } from '../../tools/demo/wallets.js'
import { type LocalCloud, startLocalCloud } from '../../tools/emulator/cloud/index.js'
import {
  type LocalPlatforms,
  type OrderInfo,
  type ProviderName,
  startLocalPlatforms,
} from '../../tools/emulator/platforms/index.js'
import { openJunction } from '../support/network/junction.js'

/**
 * Two applications of each platform and two merchants in one deployment, all at once. Every owner's platforms are local ones
 * with keys and books of its own, which refuses what is signed, sealed or logged in for the other.
 */

const dist = join(import.meta.dirname, '..', '..', 'dist')

/** Each at each owner, so 32 buyers with as many phones. */
const BUYERS = ['alice', 'bob', 'carol', 'dan', 'erin', 'frank', 'grace', 'heidi']

interface Owner {
  /** Says whose a thing is, wherever it turns up. */
  mark: string
  platforms: LocalPlatforms
  /** Two merchants may use the same order numbers: theirs differ in this, in fen. */
  price: number
}

const second = {
  firstNumber: 500_001,
  app: { appId: 'wx00000000000000b2', secret: 'b'.repeat(32), openAppId: 'wx00000000000000b3' },
  merchant: { mchId: '1900000202', key: 'b2'.repeat(16), v3Key: 'B2'.repeat(16) },
  alipay: { account: { appId: '2021009000000202', sellerId: '2088900000000202' } },
}

async function ownersOf(t: Test): Promise<Owner[]> {
  const every = [await startLocalPlatforms(), await startLocalPlatforms(second)]
  for (const platforms of every) t.teardown(() => platforms.close())
  return every.map((platforms, index) => ({ platforms, mark: `owner${index}`, price: 1000 + index }))
}

/** Everything a deployment has to know of all owners, in the settings that are lists. */
function settingsOf(owners: readonly Owner[], junction: string): Record<string, string> {
  const each = owners.map(({ platforms }) => ({ platforms, set: platforms.settings('weixin-v3', 'alipay') }))
  const apps = each.map(({ platforms: { app } }) => ({ appId: app.appId, secret: app.secret, kind: 'mp' }))
  const merchants = each.map(({ platforms: { app, merchant }, set }) => ({
    mchId: merchant.mchId,
    v3: {
      ...{ key: merchant.v3Key, serialNo: set.WEIXIN_PAY_SERIAL_NO, privateKey: set.WEIXIN_PAY_PRIVATE_KEY },
      publicKeys: [{ id: set.WEIXIN_PAY_PUBLIC_KEY_ID, key: set.WEIXIN_PAY_PUBLIC_KEY }],
    },
    apps: [{ appId: app.appId, kind: 'mp' }],
  }))
  const alipay = each.map(({ set }) => ({
    ...{ appId: set.ALIPAY_APP_ID, sellerId: set.ALIPAY_SELLER_ID },
    ...{ privateKey: set.ALIPAY_PRIVATE_KEY, publicKey: set.ALIPAY_PUBLIC_KEY },
  }))
  return {
    ...{ WEIXIN_APPS: JSON.stringify(apps), WEIXIN_MERCHANTS: JSON.stringify(merchants) },
    ...{ ALIPAY_APPS: JSON.stringify(alipay), ALIPAY_GATEWAY_URL: `${junction}/gateway.do` },
    ...{ WEIXIN_API_BASE_URL: junction, WEIXIN_PAY_BASE_URL: junction, PAYMENT_PROVIDER: 'weixin-v3' },
  }
}

interface Deployment {
  owners: readonly Owner[]
  store: Store
  cloud: LocalCloud
}

async function deploy(t: Test): Promise<Deployment> {
  const owners = await ownersOf(t)
  const junction = await openJunction(
    t,
    owners.map(({ platforms }) => ({
      url: platforms.url,
      owns: [platforms.app.appId, platforms.merchant.mchId, platforms.alipay.account.appId],
    })),
  )
  const store = await openEmbeddedStore()
  t.teardown(() => store.close())
  const env = settingsOf(owners, junction)
  const cloud = await startLocalCloud({ dist, env, store, log: () => undefined })
  t.teardown(() => cloud.close())
  return { owners, store, cloud }
}

/** One buyer with one phone: logs in, makes something of the application's, buys, and gets it back. */
async function shop(
  t: Test,
  { cloud, store }: Deployment,
  owner: Owner,
  provider: ProviderName,
  name: string,
) {
  const { platforms, mark, price } = owner
  const wallet = wallets[provider]
  const account = provider === 'alipay' ? platforms.alipay.account.appId : platforms.merchant.mchId
  const appid = provider === 'alipay' ? account : platforms.app.appId
  const phone = openMiniProgram({ endpoint: cloud.url, platform: wallet.platform })
  const call = async (called: string, data: object) =>
    succeeded((await phone.callFunction({ name: called, data })).result)
  const server = (called: string, data: object) => callAsServer({ cloud }, called, data)

  const { openid, sessionToken } = await call('authCode2Session', {
    code: wallet.login(platforms, name),
    appid,
  })
  t.equal(openid, wallet.openid(platforms, name), 'the openid of this application')
  if (provider !== 'alipay') await call('wxacodeGetUnlimited', { scene: `${mark}.${name}`, sessionToken })

  // Both merchants and both platforms use the same numbers.
  const outTradeNo = `T2050_${name}`
  const order = { outTradeNo, provider, mchId: account }
  const fee = price + BUYERS.indexOf(name) * 10
  await server('createOrder', { ...order, totalFee: fee, body: mark, openid, appId: appid })
  const { orderInfo } = await call('getOrderInfo', { outTradeNo, sessionToken })
  const { order: paid } = await platforms.requestPayment(orderInfo as OrderInfo)
  t.equal(paid.totalFee, fee, 'the price of this merchant')
  t.match(await call('orderQuery', { outTradeNo, sessionToken }), { tradeState: 'SUCCESS', totalFee: fee })
  const back = { ...order, outRefundNo: `R2050_${name}_${wallet.name}`, refundFee: fee }
  await server('refund', back)
  await reportOf(platforms, back.outRefundNo)
  const kept = await store.orders.findByOutTradeNo(outTradeNo)
  const own = kept.find((one) => one.provider === provider && one.merchantId === account)
  t.match(own, { state: 'REFUNDED', totalFee: fee, openid, body: mark })
}

t.test('nothing crosses between applications and merchants under load', async (t) => {
  const deployment = await deploy(t)
  const { owners } = deployment
  const providers = ['weixin-v3', 'alipay'] as const
  await Promise.all(
    BUYERS.flatMap((name) =>
      owners.flatMap((owner) => providers.map((provider) => shop(t, deployment, owner, provider, name))),
    ),
  )

  for (const { platforms, mark } of owners) {
    const received = platforms.requests.map(({ target, body }) => `${decodeURIComponent(target)} ${body}`)
    const others = owners.filter((owner) => owner.mark !== mark)
    const strange = others.flatMap(({ mark, platforms: { app, merchant, alipay } }) =>
      [mark, app.appId, merchant.mchId, alipay.account.appId].filter((word) =>
        received.some((text) => text.includes(word)),
      ),
    )
    t.strictSame(strange, [], "what is another owner's")
    const asked = (path: RegExp) => platforms.requests.filter((request) => path.test(request.path)).length
    t.equal(asked(/stable_token/), 1, 'one token for each application')
    t.equal(asked(/getwxacodeunlimit/), BUYERS.length, 'its own codes alone')
    const astray = platforms.deliveries.filter(
      ({ state, attempts }) => state !== 'delivered' || attempts.length > 1,
    )
    t.strictSame(astray, [], 'every notice found its merchant at its first attempt')
    t.equal(platforms.deliveries.length, 4 * BUYERS.length, 'of payments and refunds with both providers')
  }
  const tokens = owners.map(
    ({ platforms }) => new Set(platforms.requests.flatMap(({ query }) => query.access_token ?? [])),
  )
  t.equal(new Set(tokens.flatMap((used) => [...used])).size, owners.length, 'each with its own')
})
