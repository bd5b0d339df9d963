import type { ListStore, PageEnd, Store } from '../../../shared/store/index.js'
import { event, NOW, notice, order } from './records.js'
import type { Part } from './subject.js'

type Read<R> = (after?: PageEnd) => Promise<{ records: R[]; end?: PageEnd }>

/** Every record, a page after the other; `between` happens after each. */
async function readAll<R>(read: Read<R>, between: () => Promise<unknown> = async () => {}): Promise<R[]> {
  const all: R[] = []
  for (let end: PageEnd | undefined, begun = false; !begun || end; begun = true) {
    const page = await read(end)
    all.push(...page.records)
    end = page.end
    await between()
  }
  return all
}

const numbersOf = (records: readonly { outTradeNo: string }[]) => records.map(({ outTradeNo }) => outTradeNo)

async function fill({ orders }: Store): Promise<void> {
  const at = (outTradeNo: string, ms: number, changes = {}) =>
    orders.create(order({ outTradeNo, createdAt: NOW + ms, ...changes }))
  await at('c', 2)
  await at('a', 1, { openid: 'alice', state: 'PAID' })
  await at('e', 3, { openid: 'bob', state: 'PAID' })
  await at('d', 2, { openid: 'alice' })
  await at('b', 2, { merchantId: '2', state: 'PAID' })
}

export const lists: Part = async (t, { stores: [store] }) => {
  await fill(store)
  const { lists } = store
  const read = async (filter: Parameters<ListStore['orders']>[0], page: object = {}) =>
    numbersOf((await lists.orders(filter, { limit: 100, ...page })).records)
  const mine = { provider: 'weixin-v2', merchantId: '1900000109' }
  t.same(await read({}), ['e', 'c', 'd', 'b', 'a'], 'the newest first, of one time by their ids')
  t.same(await read({ state: 'PAID' }), ['e', 'b', 'a'])
  t.same(await read({ openid: 'alice' }), ['d', 'a'])
  t.same(await read({ openid: 'alice', state: 'PAID' }), ['a'])
  t.same(await read(mine), ['e', 'c', 'd', 'a'])
  t.same(await read({ ...mine, state: 'PAID' }), ['e', 'a'])
  t.same(await read({}, { since: NOW + 2 }), ['e', 'c', 'd', 'b'])
  t.same(await read({}, { until: NOW + 2 }), ['a'])
  t.same(await read({}, { since: NOW + 2, until: NOW + 3 }), ['c', 'd', 'b'])

  for (const limit of [1, 2, 3, 4, 5]) {
    const all = await readAll((after) => lists.orders({}, { limit, after }))
    t.same(numbersOf(all), ['e', 'c', 'd', 'b', 'a'], `${limit} at a time`)
  }
  let made = 0
  const all = await readAll(
    (after) => lists.orders({}, { limit: 2, after }),
    () => store.orders.create(order({ outTradeNo: `new${made++}`, createdAt: NOW + 10 + made })),
  )
  t.same(numbersOf(all), ['e', 'c', 'd', 'b', 'a'], 'what is made meanwhile moves nothing')
}

export const listedNotices: Part = async (t, { stores: [{ notices, lists }] }) => {
  await notices.receive(notice({ id: 'n1', verdict: 'applied', status: 'applied' }))
  await notices.receive(notice({ id: 'n2', receivedAt: NOW + 1, outTradeNo: 'T2' }))
  await notices.receive(notice({ id: 'n3', receivedAt: NOW + 2, verdict: 'applied', merchantId: '2' }))
  const read = async (filter: Parameters<ListStore['notices']>[0], page: object = {}) =>
    (await lists.notices(filter, { limit: 100, ...page })).records.map(({ id }) => id)
  t.same(await read({}), ['n3', 'n2', 'n1'])
  t.same(await read({ verdict: 'applied' }), ['n3', 'n1'])
  t.same(await read({ verdict: 'applied', provider: 'weixin-v2', merchantId: '2' }), ['n3'])
  t.same(await read({ verdict: 'received' }), ['n3', 'n2'])
  t.same(await read({ outTradeNo: 'T2' }), ['n2'])
  t.same(await read({}, { since: NOW + 1, until: NOW + 2 }), ['n2'])
  t.same(await lists.refused(), [])
  const refused = { provider: 'alipay', reason: 'signature wrong', evidence: 'QQ==' }
  await notices.keepRefused({ slot: 1, ...refused, at: NOW })
  await notices.keepRefused({ slot: 2, ...refused, at: NOW + 1 })
  t.match(await lists.refused(), [{ id: '2', at: NOW + 1, ...refused }, { id: '1' }])
}

export const listedEvents: Part = async (t, { stores: [{ orders, notices, lists }] }) => {
  const at = (id: string, createdAt: number, changes = {}) => ({
    ...event(id, NOW),
    createdAt: NOW + createdAt,
    ...changes,
  })
  const dead = (id: string, createdAt: number) => at(id, createdAt, { state: 'dead', dueAt: undefined })
  await orders.create(order({ outTradeNo: 'none' }))
  await orders.create(order({ outTradeNo: 'two', events: [at('o1', 1), dead('o4', 4)] }))
  await orders.create(
    order({ outTradeNo: 'late', events: [at('o3', 3, { state: 'delivered', dueAt: undefined })] }),
  )
  await notices.receive(notice({ id: 'n', events: [dead('n3', 3)] }))
  const read = (state: 'dead' | 'waiting' | 'delivered' | undefined, limit: number) =>
    readAll((after) => lists.eventHolders(state, { limit, after }))
  for (const limit of [1, 2, 3, 9]) {
    const ids = async (state?: 'dead' | 'waiting') =>
      (await read(state, limit)).map(({ record }) => record.events.map(({ id }) => id).join())
    t.same(await ids(), ['n3', 'o3', 'o1,o4'], `${limit} holders at a time`)
    t.same(await ids('dead'), ['n3', 'o1,o4'])
    t.same(await ids('waiting'), ['o1,o4'])
  }
}
