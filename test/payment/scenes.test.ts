import t from 'tap'
import { systemRandom } from '../../shared/clock.js'
import { openSession } from '../../shared/session.js'
import type { Fields } from './house.js'
import { openShop, type Provider, providers, type Shop } from './shop.js'

/** Where a payer is: the login says it, and nothing that a caller writes may contradict it. */

const asked = { outTradeNo: 'T20500101' }

/** A call by URL, or through a local cloud: no platform tells where the client runs. */
const BY_URL = { PLATFORM: undefined }

async function logIn({ house, platforms, provider }: Shop, family = familyOf(provider)): Promise<string> {
  const isAlipay = family === 'alipay'
  const login = {
    provider: family,
    appId: isAlipay ? platforms.alipay.account.appId : platforms.app.appId,
    openid: isAlipay ? platforms.alipay.openid('alice') : platforms.openid('alice'),
  }
  return (await openSession(login, { store: house.store, clock: house.clock, random: systemRandom }))
    .sessionToken
}

const familyOf = (provider: Provider): 'alipay' | 'weixin' => (provider === 'alipay' ? 'alipay' : 'weixin')

/** An order for whoever has its pay token, as the README's `buy` makes it. */
async function ordered(shop: Shop): Promise<Fields> {
  const order = { ...asked, totalFee: 1999, body: 'tea' }
  const { payToken } = await shop.house.server('createOrder', order)
  return { ...asked, payToken }
}

for (const provider of providers) {
  const isAlipay = provider === 'alipay'
  const own = isAlipay ? 'mp-alipay' : 'mp-weixin'
  const other = isAlipay ? 'mp-weixin' : 'mp-alipay'

  t.test(
    `${provider}: a login in a mini program pays in a mini program, whoever the order names`,
    async (t) => {
      const shop = await openShop(t, provider)
      const order = { ...(await ordered(shop)), sessionToken: await logIn(shop) }
      const { errCode, orderInfo } = await shop.house.client('getOrderInfo', order, BY_URL)
      t.equal(errCode, 0)
      t.match(orderInfo, isAlipay ? /^\d{28}$/ : { package: /^prepay_id=/, paySign: String })
      await shop.platforms.requestPayment(orderInfo as Fields)
      t.match(await shop.order(), { state: 'PAID' })
    },
  )

  t.test(`${provider}: a client type that contradicts the login costs no number`, async (t) => {
    const shop = await openShop(t, provider)
    const order = { ...(await ordered(shop)), sessionToken: await logIn(shop) }
    const before = shop.platforms.requests.length
    // An application of Alipay's serves apps as well, unless the settings say `kind`.
    const wrong = isAlipay ? [other, 'h5', 'web'] : [other, 'app', 'app-plus', 'h5', 'web']
    for (const clientType of wrong) {
      const refusal = { errCode: 'INVALID_PARAM', errMsg: /^clientType: / }
      t.match(await shop.house.client('getOrderInfo', { ...order, clientType }, BY_URL), refusal, clientType)
      t.match(await shop.house.client('getOrderInfo', order, { PLATFORM: clientType }), refusal, clientType)
    }
    t.equal(shop.platforms.requests.length, before, 'nothing was asked')
    t.match(await shop.order(), { state: 'CREATED' })
    const { orderInfo } = await shop.house.client('getOrderInfo', { ...order, clientType: own }, BY_URL)
    await shop.platforms.requestPayment(orderInfo as Fields)
    t.match(await shop.order(), { state: 'PAID' })
  })

  t.test(
    `${provider}: a mini program of the other platform is refused, with and without a login`,
    async (t) => {
      const shop = await openShop(t, provider)
      const order = await ordered(shop)
      const sessionToken = await logIn(shop, isAlipay ? 'weixin' : 'alipay')
      for (const [data, context] of [
        [{ ...order, clientType: other }, BY_URL],
        [order, { PLATFORM: other }],
        [{ ...order, sessionToken }, BY_URL],
        [{ ...order, sessionToken }, { PLATFORM: other }],
        [{ ...order, sessionToken, clientType: own }, BY_URL],
      ] as const) {
        t.match(await shop.house.client('getOrderInfo', data, context), {
          errCode: 'INVALID_PARAM',
          errMsg: /^clientType: /,
        })
      }
      t.match(await shop.house.server('getOrderInfo', { ...asked, clientType: other }), {
        errCode: 'INVALID_PARAM',
        errMsg: /^clientType: /,
      })
      t.match(await shop.order(), { state: 'CREATED' })
    },
  )
}

t.test('a login on the other platform keeps nobody from paying in an app', async (t) => {
  const shop = await openShop(t, 'weixin-v3')
  const order = { ...(await ordered(shop)), sessionToken: await logIn(shop, 'alipay') }
  const { orderInfo } = await shop.house.client('getOrderInfo', order, { PLATFORM: 'app-plus' })
  t.match(orderInfo, { appid: shop.platforms.app.openAppId, package: 'Sign=WXPay' })
})

t.test('a code to scan can be shown by anybody, logged in or not', async (t) => {
  const shop = await openShop(t, 'weixin-v3')
  const order = { ...(await ordered(shop)), sessionToken: await logIn(shop), clientType: 'native' }
  const { orderInfo } = await shop.house.client('getOrderInfo', order, BY_URL)
  t.match(orderInfo, { codeUrl: /^weixin:/ })
})

t.test('an application of Alipay’s that is an app pays as an app', async (t) => {
  const shop = await openShop(t, 'alipay')
  const single = ['ALIPAY_APP_ID', 'ALIPAY_PRIVATE_KEY', 'ALIPAY_PUBLIC_KEY'] as const
  const [id, ownKey, theirKey] = single.map((name) => shop.house.env[name])
  const app = { appId: id, privateKey: ownKey, publicKey: theirKey, kind: 'app' }
  for (const name of single) shop.house.env[name] = undefined
  shop.house.env.ALIPAY_APPS = JSON.stringify([app])
  const order = { ...(await ordered(shop)), sessionToken: await logIn(shop) }
  const refusal = { errCode: 'INVALID_PARAM', errMsg: /^clientType: / }
  t.match(await shop.house.client('getOrderInfo', { ...order, clientType: 'mp-alipay' }, BY_URL), refusal)
  const { orderInfo } = await shop.house.client('getOrderInfo', order, BY_URL)
  t.match(orderInfo, /alipay\.trade\.app\.pay/)
})
