import t from 'tap'
import { environmentSource, type SettingName, Settings, settingInfo } from '../../shared/config/index.js'
import { dryStore } from '../../tools/records/dryStore.js'
import { contextOver } from '../../tools/records/open.js'
import { keptById, keptSince, replay } from '../../tools/records/replay.js'
import { openShop, type Shop } from '../payment/shop.js'

/** Kept notices judged again from their own bytes, as of the time they came. */

const settingsOf = ({ house }: Shop): Settings =>
  new Settings([environmentSource({ ...house.env })], new Set(Object.keys(settingInfo) as SettingName[]))

for (const provider of ['weixin-v3', 'alipay'] as const) {
  t.test(`${provider}: first told, then done, once`, async (t) => {
    const shop = await openShop(t, provider)
    const { house } = shop
    const start = house.clock.now()
    await shop.place()
    const info = await shop.offer()
    const offered = await shop.order()
    await shop.platforms.requestPayment(info as never)
    const paid = await shop.order()
    t.equal(paid.state, 'PAID')
    // As after a restored backup; and a month later, when the window of signatures is long past.
    await house.store.orders.replace({ ...offered, rev: paid.rev })
    await house.clock.advance(30 * 24 * 3600_000)
    for (const certificate of await house.store.certificates.list(provider, paid.merchantId)) {
      await house.store.certificates.put({ ...certificate, notAfter: house.clock.now() - 1 })
    }
    const settings = settingsOf(shop)
    const real = contextOver(settings, house.store, house.clock)
    const dry = contextOver(settings, dryStore(house.store), house.clock)
    const id = paid.history.at(-1)?.evidence ?? ''
    const kept = await keptById(real, id)
    if (!kept) throw new Error('not kept')
    const move = { verdict: 'applied', outTradeNo: paid.outTradeNo, before: 'PAYING', after: 'PAID' }
    t.strictSame(await replay(dry, kept), { outcome: 'verified', ...move })
    t.equal((await shop.order()).state, 'PAYING', 'nothing was changed')
    t.strictSame(await replay(real, kept), { outcome: 'verified', ...move })
    t.match(await shop.order(), {
      state: 'PAID',
      history: [{}, {}, { by: 'notice', evidence: id, repair: true }],
    })
    t.match(await replay(real, kept), {
      outcome: 'verified',
      verdict: 'nothing',
      before: 'PAID',
      after: 'PAID',
    })
    t.match(await keptSince(real, start), [{ id }])
    t.same(await keptSince(real, house.clock.now()), [])
  })
}

t.test('a refused one that a mended setting makes good, and one that is forged', async (t) => {
  const shop = await openShop(t, 'weixin-v2')
  const { house } = shop
  await shop.place()
  const info = await shop.offer()
  const { WEIXIN_PAY_KEY: key } = house.env
  house.env.WEIXIN_PAY_KEY = 'x'.repeat(32)
  await shop.platforms.requestPayment(info as never)
  t.equal((await shop.order()).state, 'PAYING')
  house.env.WEIXIN_PAY_KEY = key
  await house.notice('<xml><return_code>SUCCESS</return_code><sign>AA</sign></xml>')
  const context = contextOver(settingsOf(shop), house.store, house.clock)
  const outcomes = []
  for (const kept of await keptSince(context, 0)) outcomes.push(await replay(context, kept))
  t.same(outcomes.map(({ outcome }) => outcome).sort(), ['refused', 'verified'])
  t.equal((await shop.order()).state, 'PAID')
})

t.test('one that cannot be read keeps nobody from the others', async (t) => {
  const shop = await openShop(t, 'weixin-v3')
  const { house } = shop
  await shop.pay()
  const id = (await shop.order()).history.at(-1)?.evidence ?? ''
  const kept = await house.store.notices.find(id)
  if (!kept) throw new Error('not kept')
  const sealed = `sealed:${Buffer.alloc(64, 7).toString('base64')}`
  await house.store.notices.receive({ ...kept, id: `${id}:sealed`, evidence: sealed })
  const settings = { ...house.env, EVIDENCE_KEY: Buffer.alloc(32, 1).toString('base64') }
  const names = new Set(Object.keys(settingInfo) as SettingName[])
  const context = contextOver(new Settings([environmentSource(settings)], names), house.store, house.clock)
  const outcomes = []
  for (const each of await keptSince(context, 0)) outcomes.push((await replay(context, each)).outcome)
  t.same(outcomes.sort(), ['unreadable', 'verified'])
  t.match(await replay(context, (await keptById(context, `${id}:sealed`)) ?? { id }), {
    outcome: 'unreadable',
  })
})
