import type { Test } from 'tap'
import { accounts, certificates, codes, counters, sessions } from './contract/clients.js'
import { listedEvents, listedNotices, lists } from './contract/lists.js'
import { dueEvents, evidence, notices, unconfirmed } from './contract/notices.js'
import { noLostWrites, oneCreation, orders, replacing, texts, transactions } from './contract/orders.js'
import { NOW, order } from './contract/records.js'
import type { Part, Subject } from './contract/subject.js'
import { clockAhead, forcedBudget, leases, oneHolder } from './contract/tokens.js'

/** What is written before a restart is there after it, unique keys and leases included. */
const restart: Part = async (t, { stores: [store], reopen }) => {
  if (!reopen) return
  await store.orders.create(order({ transactionId: '9' }))
  await store.tokens.acquire('weixin:a', 'dead', NOW, NOW + 10)
  const again = await reopen()
  t.strictSame(await again.orders.find(order()), order({ transactionId: '9' }))
  t.equal(await again.orders.create(order({ outTradeNo: 'T9', transactionId: '9' })), false)
  t.equal(await again.tokens.acquire('weixin:a', 'next', NOW + 9, NOW + 19), false)
  t.equal(await again.tokens.acquire('weixin:a', 'next', NOW + 10, NOW + 20), true)
  await again.close()
}

const parts = {
  leases,
  oneHolder,
  forcedBudget,
  clockAhead,
  sessions,
  counters,
  codes,
  certificates,
  accounts,
  orders,
  texts,
  replacing,
  transactions,
  oneCreation,
  noLostWrites,
  notices,
  dueEvents,
  unconfirmed,
  evidence,
  lists,
  listedNotices,
  listedEvents,
  restart,
} satisfies Record<string, Part>

/** What every store must do. `open` answers an empty one, which `Subject.stores` close with. */
export async function storeContract(t: Test, open: (t: Test) => Promise<Subject>): Promise<void> {
  for (const [name, part] of Object.entries(parts)) {
    await t.test(name, async (t) => {
      const subject = await open(t)
      try {
        await part(t, subject)
      } finally {
        for (const store of subject.stores) await store.close()
      }
    })
  }
}
