import { event, NOW, notice, order } from './records.js'
import { atOnce, type Part } from './subject.js'

export const notices: Part = async (t, subject) => {
  const [{ notices }] = subject.stores
  const first = notice({ verdict: undefined })
  t.strictSame(await notices.receive(first), first)
  t.strictSame(await notices.find(first.id), notice())
  t.strictSame(await notices.receive(notice({ evidence: 'later' })), notice(), 'the stored one, unchanged')
  t.equal(await notices.find('unknown'), undefined)

  const applied = notice({ status: 'applied', verdict: 'applied', appliedAt: NOW + 1 })
  t.equal(await notices.replace(applied), true)
  t.equal(await notices.replace(applied), false)
  t.strictSame(await notices.receive(notice()), { ...applied, rev: 1 }, 'a duplicate is known as such')

  const id = 'storm'
  const received = await atOnce(subject, 200, ({ notices }, index) =>
    notices.receive(notice({ id, evidence: String(index) })),
  )
  t.equal(new Set(received.map(({ evidence }) => evidence)).size, 1, '200 at once are one')
}

export const dueEvents: Part = async (
  t,
  {
    stores: [
      {
        orders,
        notices,
        events: { due: dueNow },
      },
    ],
  },
) => {
  const of = async (now: number, limit = 10) => (await dueNow(now, limit)).map(({ event }) => event.id)
  await orders.create(order({ outTradeNo: 'none' }))
  await orders.create(order({ outTradeNo: 'two', events: [event('o10', NOW + 10), event('o30', NOW + 30)] }))
  await orders.create(order({ outTradeNo: 'late', events: [event('o40', NOW + 40)] }))
  await notices.receive(notice({ id: 'n', events: [event('n20', NOW + 20)] }))

  t.same(await of(NOW + 9), [])
  t.same(await of(NOW + 10), ['o10'])
  t.same(await of(NOW + 40), ['o10', 'n20', 'o40'], 'oldest first, and of each document the first')
  t.same(await of(NOW + 40, 2), ['o10', 'n20'], 'at most so many documents')

  const [due] = await dueNow(NOW + 10, 1)
  t.equal(due?.source.kind, 'order')
  t.strictSame(due?.source.record, await orders.find(order({ outTradeNo: 'two' })), 'as it can be replaced')
  const { dueAt: _due, ...told } = event('o10', 0)
  const events = [{ ...told, state: 'delivered' as const, endedAt: NOW + 11 }, event('o30', NOW + 50)]
  await orders.replace(order({ outTradeNo: 'two', events }))
  await notices.replace(notice({ id: 'n' }))
  t.same(await of(NOW + 49), ['o40'], 'delivered ones are not due, postponed ones wait')
  t.same(await of(NOW + 50), ['o40', 'o30'])
}

export const unconfirmed: Part = async (t, { stores: [{ notices }] }) => {
  const of = async (now: number, limit = 10) => (await notices.unconfirmed(now, limit)).map(({ id }) => id)
  const asked = (id: string, confirmAt: number) =>
    notice({ id, kind: 'refund', outRefundNo: `R|${id}`, confirmAt, confirms: 0 })
  await notices.receive(notice({ id: 'certain' }))
  for (const [id, at] of [['u30', 30] as const, ['u10', 10] as const, ['u20', 20] as const]) {
    await notices.receive(asked(id, NOW + at))
  }
  t.same(await of(NOW + 9), [])
  t.same(await of(NOW + 30), ['u10', 'u20', 'u30'], 'oldest first')
  t.same(await of(NOW + 30, 2), ['u10', 'u20'])

  const [due] = await notices.unconfirmed(NOW + 10, 1)
  t.strictSame(due, asked('u10', NOW + 10), 'as it can be replaced')
  t.equal(await notices.replace({ ...asked('u10', NOW + 40), confirms: 1 }), true)
  t.equal(await notices.replace(asked('u10', NOW + 10)), false, 'claimed once')
  const { confirmAt: _settled, ...applied } = asked('u20', 0)
  await notices.replace({ ...applied, status: 'applied', verdict: 'applied', appliedAt: NOW })
  t.same(await of(NOW + 39), ['u30'], 'postponed ones wait, settled ones are gone')
}

export const evidence: Part = async (t, { stores: [{ notices }] }) => {
  const refused = { slot: 3, provider: 'weixin-v2', reason: 'signature', evidence: 'PHhtbC8+', at: NOW }
  await notices.keepRefused(refused)
  await t.resolves(notices.keepRefused({ ...refused, at: NOW + 1 }), 'a slot is overwritten')
}
