import t from 'tap'
import { type AlipayOptions, initAlipay, initWeixin, type WeixinOptions } from '../../shared/library/index.js'
import { alipayOptionNames } from '../../shared/library/initAlipay.js'
import { weixinOptionNames } from '../../shared/library/initWeixin.js'
import type { OptionNames } from '../../shared/library/options.js'
import { frozen } from '../support/frozen.js'
import { merchant } from '../support/network/merchant.js'
import type { Fields } from './house.js'
import { openShop, type Provider, providers, type Shop, TOTAL } from './shop.js'

/** What a caller hands over is left as it was: all of it is frozen here, so that a single write into it would fail. */

type Caller = (name: string, given: Fields) => Promise<Fields>

const order = { totalFee: TOTAL, body: 'tea', subject: 'tea', attach: 'a' }
const refund = {
  outTradeNo: 'sold_01',
  outRefundNo: 'back_01',
  totalFee: TOTAL,
  refundFee: 500,
  refundDesc: 'why',
}

/** Every operation, in an order in which each succeeds; `pay` is the payer, `wait` minutes in which nobody asks. */
const life: readonly [name: string, given: Fields, only?: 'weixin' | 'alipay'][] = [
  ['getOrderInfo', { ...order, outTradeNo: 'shut_01' }],
  ['wait', { minutes: 6 }],
  ['closeOrder', { outTradeNo: 'shut_01' }],
  ['getOrderInfo', { ...order, outTradeNo: 'shut_02' }, 'alipay'],
  ['cancelOrder', { outTradeNo: 'shut_02' }, 'alipay'],
  ['getOrderInfo', { ...order, outTradeNo: 'sold_01' }],
  ['pay', {}],
  ['orderQuery', { outTradeNo: 'sold_01' }],
  ['refund', refund],
  ['wait', { minutes: 48 * 60 }],
  ['refundQuery', { outTradeNo: 'sold_01', outRefundNo: 'back_01' }],
  ['downloadBill', { billDate: '20500101' }],
  ['downloadFundflow', { billDate: '20500101' }, 'weixin'],
]

async function live(
  { house, platforms, provider }: Shop,
  more: Fields,
  call: Caller,
  told: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  const isAlipay = provider === 'alipay'
  const openid = isAlipay ? platforms.alipay.openid('alice') : platforms.openid('alice')
  const clientType = isAlipay ? 'mp-alipay' : 'mp-weixin'
  let last: Fields = {}
  for (const [name, given, only] of life) {
    if (only && (only === 'alipay') !== isAlipay) continue
    const whole = name === 'getOrderInfo' ? { ...given, openid, clientType, ...more } : given
    if (name === 'wait') await house.clock.advance(Number(given.minutes) * 60_000)
    else if (name === 'pay') await platforms.requestPayment(frozen(last.orderInfo as Fields)).then(told)
    else last = await call(name, frozen(whole))
  }
}

for (const provider of providers) {
  t.test(`${provider}: the functions`, async (t) => {
    const shop = await openShop(t, provider)
    const { house } = shop
    const settings = structuredClone(house.env)
    const { subject: _word, ...placed } = order
    t.match(await house.server('createOrder', frozen({ ...placed, outTradeNo: 'made_01' })), { errCode: 0 })
    await live(shop, {}, async (name, given) => {
      const answer = await house.server(name as Parameters<typeof house.server>[0], given)
      t.match(answer, { errCode: 0 }, name)
      return answer
    })
    t.equal((await house.order('sold_01')).state, 'PARTIALLY_REFUNDED')
    t.strictSame(house.env, settings)
  })

  t.test(`${provider}: the library`, async (t) => {
    const shop = await openShop(t, provider)
    const payment = library(shop)
    const listener = await merchant()
    t.teardown(() => listener.close())
    const lastEvent = () => {
      const { headers, body } = listener.received.at(-1) ?? {}
      return frozen({ path: '/notice', httpMethod: 'POST', headers, body, isBase64Encoded: false })
    }
    const call: Caller = async (name, given) => {
      const answer = await payment[name]?.(given)
      t.ok(answer, name)
      return { orderInfo: answer }
    }
    await live(shop, { notifyUrl: listener.notifyUrl }, call, () => call('verifyPaymentNotify', lastEvent()))
  })
}

type Methods = Record<string, (given: unknown) => Promise<unknown>>

function library({ house, provider }: Shop): Methods {
  const isAlipay = provider === 'alipay'
  const options = frozen(optionsOf(house.env, isAlipay ? alipayOptionNames : weixinOptionNames, provider))
  const instance = isAlipay
    ? initAlipay(options as unknown as AlipayOptions)
    : initWeixin(options as unknown as WeixinOptions)
  return instance.payment as unknown as Methods
}

/** The settings of a deployment as a constructor takes them. */
function optionsOf(settings: Fields, names: OptionNames, provider: Provider): Fields {
  const options: Record<string, Fields> = {}
  for (const [setting, path] of Object.entries(names)) {
    const [outer = '', name] = path.split('.')
    if (settings[setting] === undefined) continue
    if (name === undefined) Object.assign(options, { [outer]: settings[setting] })
    else options[outer] = { ...options[outer], [name]: settings[setting] }
  }
  return { ...options, ...(provider === 'alipay' ? {} : { appId: settings.WEIXIN_APP_ID }) }
}
