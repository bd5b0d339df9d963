import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { startLocalPlatforms } from '../../tools/emulator/platforms/index.js'
import { type Fields, type House, openHouse } from './house.js'

/** The payment functions' `example.json`, played against the local platforms. What varies stands there as `$any`. */

interface Case {
  as: 'client' | 'server' | 'http' | 'timer'
  /** A client that has logged in. */
  session?: boolean
  /** Placed before, for that client. */
  order?: Fields
  provider?: 'alipay'
  /** What has happened to it since. */
  before?: { asked?: boolean; paid?: boolean; refund?: Fields; minutes?: number }
  input: Fields
  output: Fields
}

interface Example extends Case {
  more?: Case[]
  refused: { input: Fields; errCode: string; field: string }[]
}

/** Alice, as the local platforms know her. */
const OPENID = 'oLLHTAEqaKQtl4iY4pjJLoarbbas'
const names = [
  ...(['createOrder', 'getOrderInfo', 'orderQuery', 'closeOrder', 'cancelOrder'] as const),
  ...(['refund', 'refundQuery', 'downloadBill', 'downloadFundflow'] as const),
  ...(['verifyPaymentNotify', 'verifyRefundNotify', 'eventDispatch'] as const),
]
type Name = (typeof names)[number]

const exampleOf = (name: Name): Example =>
  JSON.parse(readFileSync(new URL(`../../functions/${name}/example.json`, import.meta.url), 'utf8'))

async function play(house: House, name: Name, { as, session, input }: Case): Promise<Fields> {
  if (as === 'timer') return Object.keys(input).length > 0 ? house.server(name, input) : house.timer(name)
  if (as === 'server') return house.server(name, input)
  if (as === 'http') {
    const to = name === 'verifyRefundNotify' ? name : 'verifyPaymentNotify'
    return { ...(await house.notice(String(input.body), { ...(input as { path: string }), to })) }
  }
  return house.client(name, { ...input, ...(session ? { sessionToken: await house.login(OPENID) } : {}) })
}

async function open(t: Test, { order, provider, before = {} }: Case): Promise<House> {
  const house = await openHouse(t, { PAYMENT_PROVIDER: provider ?? 'weixin-v2' })
  const platforms = await startLocalPlatforms({ clock: house.clock })
  t.teardown(() => platforms.close())
  const { appId, openAppId } = platforms.app
  t.equal(platforms.openid('alice'), OPENID)
  const openid = provider === 'alipay' ? platforms.alipay.openid('alice') : OPENID
  const settings = provider ? platforms.settings(provider) : platforms.settings()
  Object.assign(house.env, settings, { WEIXIN_APP_ID: appId, WEIXIN_OPEN_APP_ID: openAppId })
  house.env.NOTIFY_BASE_URL = await house.listen()
  if (order) t.match(await house.server('createOrder', { ...order, openid }), { errCode: 0 })
  const number = { outTradeNo: order?.outTradeNo }
  const { asked = false, paid = false, refund, minutes = 0 } = before
  const offer = asked || paid ? await house.server('getOrderInfo', number) : {}
  if (paid) await platforms.requestPayment(offer.orderInfo as Fields)
  if (refund) {
    t.match(await house.server('refund', { ...number, ...refund }), { errCode: 0 })
    await platforms.finishRefund(String(refund.outRefundNo))
  }
  await house.clock.advance(minutes * 60_000)
  return house
}

/** `$any` stands for whatever is there. */
const alike = (output: unknown, answer: unknown): unknown => {
  if (output === '$any') return answer === undefined ? '$any' : answer
  if (typeof output !== 'object' || output === null) return output
  const found = (answer ?? {}) as Fields
  if (Array.isArray(output)) return output.map((value, n) => alike(value, found[n]))
  return Object.fromEntries(Object.entries(output).map(([name, value]) => [name, alike(value, found[name])]))
}

for (const name of names) {
  const example = exampleOf(name)
  t.test(name, async (t) => {
    for (const each of [example, ...(example.more ?? [])]) {
      const house = await open(t, each)
      const { errCode = 0, errMsg: _errMsg, ...answer } = await play(house, name, each)
      t.equal(errCode, 0)
      t.strictSame(answer, alike(each.output, answer), JSON.stringify(each.input).slice(0, 80))
    }
    const house = await open(t, example)
    for (const { input, errCode, field } of example.refused) {
      const answer = await play(house, name, { ...example, input })
      t.match(answer, { errCode, errMsg: new RegExp(`^${field}: `) }, JSON.stringify(input).slice(0, 80))
    }
  })
}
