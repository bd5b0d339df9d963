import { fen } from '../../../shared/money.js'
import type { OrderRecord, OrderStore } from '../../../shared/store/index.js'
import { refused } from '../../support/refused.js'
import { event, NOW, order } from './records.js'
import { atOnce, countOf, type Part } from './subject.js'

export const orders: Part = async (t, { stores: [{ orders }] }) => {
  const first = order({ openid: 'o1', attach: undefined })
  t.equal(await orders.create(first), true)
  t.equal(await orders.create(order()), false, 'the number is taken')
  t.equal(await orders.create(order({ merchantId: 'other' })), true, 'within one merchant only')
  t.strictSame(await orders.find(first), order({ openid: 'o1' }), 'what is undefined is absent')
  t.equal(await orders.find({ ...first, outTradeNo: 'T2' }), undefined)
  t.same((await orders.findByOutTradeNo('T1')).map(({ merchantId }) => merchantId).sort(), [
    '1900000109',
    'other',
  ])
  t.same(await orders.findByOutTradeNo('T2'), [])
}

/** Texts come back as they were, whatever a database or its file format makes of such characters. */
export const texts: Part = async (t, { stores: [{ orders }], reopen }) => {
  const odd = '茶 \u{1F375} $set a.b {"$inc":1}\n\r\t\u0000\u0085\u2028\u2029\u00a0"\\'
  const written = order({
    outTradeNo: 'odd',
    body: odd,
    attach: odd,
    refunds: [
      {
        ...{ outRefundNo: 'R.$1', refundFee: fen(1), state: 'UNKNOWN', refundDesc: odd, refundId: undefined },
        ...{ attempts: 2, notifyUrl: odd, requestedAt: NOW, updatedAt: NOW },
      },
    ],
    events: [{ ...event('e.$1', NOW), lastError: undefined }],
  })
  const expected = JSON.parse(JSON.stringify(written)) as OrderRecord
  t.equal(await orders.create(written), true)
  t.strictSame(await orders.find(written), expected)
  if (!reopen) return
  const again = await reopen()
  t.strictSame(await again.orders.find(written), expected, 'after a restart too')
  await again.close()
}

export const replacing: Part = async (t, { stores: [{ orders }] }) => {
  const key = order({ outTradeNo: 'R' })
  t.equal(await orders.replace(key), false, 'what is not there is not replaced')
  await orders.create({ ...key, openid: 'o1', payTokenHash: 'h', events: [event('e', NOW)] })
  const paid = {
    ...key,
    payTokenHash: undefined,
    state: 'PAID' as const,
    transactionId: '42',
    cashFee: fen(1900),
  }
  t.equal(await orders.replace({ ...paid, rev: 1 }), false, 'another revision is not replaced')
  t.equal(await orders.replace(paid), true)
  const { payTokenHash, ...stored } = { ...paid, rev: 1 }
  t.strictSame(await orders.find(key), stored, 'as a whole: what is left out is gone')
  t.equal(await orders.replace(paid), false, 'nobody replaces twice from the same reading')
}

export const transactions: Part = async (t, { stores: [{ orders }] }) => {
  const [one, other] = [order({ outTradeNo: 'X1' }), order({ outTradeNo: 'X2' })]
  t.same([await orders.create(one), await orders.create(other)], [true, true], 'many orders have none')
  t.equal(await orders.replace({ ...one, transactionId: '77' }), true)
  t.equal((await orders.findByTransaction('weixin-v2', '77'))?.outTradeNo, 'X1')
  t.equal(await orders.findByTransaction('alipay', '77'), undefined, 'within one provider only')
  t.equal(await refused(orders.replace({ ...other, transactionId: '77' })), 'TRANSACTION_TAKEN')
  t.strictSame(await orders.find(other), other, 'and nothing was changed')
  t.equal(await orders.create(order({ outTradeNo: 'X3', transactionId: '77' })), false)
}

export const oneCreation: Part = async (t, subject) => {
  const created = await atOnce(subject, 200, ({ orders }, index) =>
    orders.create(order({ outTradeNo: 'storm', body: String(index) })),
  )
  t.equal(countOf(created), 1)
  const found = await subject.stores[0].orders.find(order({ outTradeNo: 'storm' }))
  t.equal(found?.body, String(created.indexOf(true)), 'and it is that of the one whose create answered true')
}

/** A hundred writers, each with its own line of history: whoever loses reads again, and no line is lost. */
export const noLostWrites: Part = async (t, subject) => {
  const key = order({ outTradeNo: 'many', history: [] })
  await subject.stores[0].orders.create(key)
  await atOnce(subject, 100, ({ orders }, index) => append(orders, key, String(index)))
  const found = await subject.stores[0].orders.find(key)
  t.equal(found?.rev, 100)
  t.equal(new Set(found?.history.map(({ by }) => by)).size, 100)
}

async function append(orders: OrderStore, key: OrderRecord, by: string): Promise<void> {
  for (;;) {
    const read = await orders.find(key)
    if (!read) throw new Error('the order is gone')
    const line = { at: NOW, from: null, to: 'CREATED' as const, by }
    if (await orders.replace({ ...read, history: [...read.history, line] })) return
  }
}
