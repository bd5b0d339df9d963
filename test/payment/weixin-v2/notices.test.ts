import t from 'tap'
import { openEmbeddedStore } from '../../../shared/store/embedded/open.js'
import { openHouse } from '../house.js'
import { paid, signed, signedXml, xml } from './message.js'

/** What the settings decide about V2's notices; test/payment/attacks has what is no notice. */

const good = signedXml(paid())

t.test('HMAC-SHA256, where it is configured, and then nothing else', async (t) => {
  const house = await openHouse(t, { WEIXIN_PAY_SIGN_TYPE: 'HMAC-SHA256' })
  await house.server('createOrder', {
    outTradeNo: 'T20500101',
    totalFee: 1999,
    body: 'tea',
    openid: 'oAlice',
  })
  t.match(await house.notice(good), { body: /FAIL/ })
  t.match(await house.notice(signedXml(paid({ sign_type: 'MD5' }))), { body: /FAIL/ })
  t.match(await house.notice(signedXml(paid(), 'HMAC-SHA256')), { body: /SUCCESS/ })
  t.equal((await house.order('T20500101')).state, 'PAID')
})

t.test('a key that is not set accepts nothing', async (t) => {
  const house = await openHouse(t, { WEIXIN_PAY_KEY: undefined })
  t.match(await house.notice(xml(signed(paid(), 'MD5', 'undefined'))), { body: /FAIL/ })
  t.match(house.log, [{ errCode: 'MISSING_SETTING' }])
})

t.test('a flood of forgeries fills a bounded room', async (t) => {
  const store = await openEmbeddedStore()
  const { notices } = store
  const slots = new Set<number>()
  const keepRefused: typeof notices.keepRefused = (refused) => {
    slots.add(refused.slot)
    t.ok(refused.evidence.length < 32 * 1024)
    return notices.keepRefused(refused)
  }
  const house = await openHouse(t, {}, { ...store, notices: { ...notices, keepRefused } })
  for (let n = 0; n < 300; n++) await house.notice(signedXml(paid({ mch_id: `${n}` })).padEnd(n * 200, ' '))
  t.ok(slots.size > 32 && slots.size <= 64, `${slots.size} slots`)
})
