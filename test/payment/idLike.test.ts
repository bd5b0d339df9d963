import t from 'tap'
import { openUniCloudStore } from '../../shared/store/index.js'
import { UniCloudDatabaseStandIn } from '../support/unicloudDatabase.js'
import { openHouse } from './house.js'
import { openShop } from './shop.js'

/** Numbers that the databases of some uniCloud spaces take for ids of their own. */

const ORDER = { totalFee: 1999, body: 'tea', openid: 'oAlice' }
const HEX = 'A1B2C3D4E5F6A1B2C3D4E5F6'
const DIGITS = '202612010000000000000001'

const refused = (field: string) => ({
  errCode: 'INVALID_PARAM',
  errMsg: new RegExp(`^${field}: not exactly 24 hexadecimal or decimal digits`),
})

t.test('a new order gets no such number; one that is there stays readable', async (t) => {
  const database = new UniCloudDatabaseStandIn()
  const before = await openHouse(t, {}, openUniCloudStore(database, false))
  t.match(await before.server('createOrder', { ...ORDER, outTradeNo: HEX }), { errCode: 0 }, 'as on Alipay')
  const now = await openHouse(t, {}, openUniCloudStore(database, true))
  t.match(await now.server('createOrder', { ...ORDER, outTradeNo: HEX }), { errCode: 0, outTradeNo: HEX })
  for (const outTradeNo of [DIGITS, HEX.replace('A1', 'b9')]) {
    t.match(await now.server('createOrder', { ...ORDER, outTradeNo }), refused('outTradeNo'))
    t.equal(await now.order(outTradeNo).catch(() => undefined), undefined)
  }
  for (const outTradeNo of [`${DIGITS}0`, DIGITS.slice(1), `G${HEX.slice(1)}`]) {
    t.match(await now.server('createOrder', { ...ORDER, outTradeNo }), { errCode: 0 }, outTradeNo)
  }
})

t.test('nor does a new refund, which the provider never hears of', async (t) => {
  const shop = await openShop(t, 'weixin-v3')
  await shop.pay()
  t.match(await shop.refund(HEX, 500), { errCode: 0 })
  Object.assign(shop.house.store, { takesTextsForIds: true })
  const asked = shop.platforms.requests.length
  t.match(await shop.refund(DIGITS, 500), refused('outRefundNo'))
  t.equal(shop.platforms.requests.length, asked)
  t.match(await shop.refund(HEX, 500), { errCode: 0, outRefundNo: HEX }, 'the same again is the same refund')
})
