import { openapiError, TRANSACTION_TAKEN } from '../../shared/errors/index.js'
import type { NoticeRecord, OrderKey, OrderRecord, Store } from '../../shared/store/port.js'

const nameOf = ({ provider, merchantId, outTradeNo }: OrderKey): string =>
  [provider, merchantId, outTradeNo].join('\n')

/**
 * A store that shows its own changes and keeps them to itself: what runs over it finds out what would happen. Of orders,
 * notices and what is learned on the way; the rest is never written by a notice.
 */
export function dryStore(store: Store): Store {
  const orders = new Map<string, OrderRecord>()
  const notices = new Map<string, NoticeRecord>()
  const order = async (key: OrderKey) => orders.get(nameOf(key)) ?? (await store.orders.find(key))
  const notice = async (id: string) => notices.get(id) ?? (await store.notices.find(id))
  return {
    ...store,
    orders: {
      ...store.orders,
      find: order,
      async replace(changed) {
        if ((await order(changed))?.rev !== changed.rev) return false
        await refuseTaken(store, changed)
        orders.set(nameOf(changed), { ...changed, rev: changed.rev + 1 })
        return true
      },
    },
    notices: {
      ...store.notices,
      find: notice,
      async receive(record) {
        const known = await notice(record.id)
        if (!known) notices.set(record.id, record)
        return known ?? record
      },
      async replace(changed) {
        if ((await notice(changed.id))?.rev !== changed.rev) return false
        notices.set(changed.id, { ...changed, rev: changed.rev + 1 })
        return true
      },
      keepRefused: async () => undefined,
    },
    accounts: {
      ...store.accounts,
      learn: async (account) => (await store.accounts.find(account.provider, account.merchantId)) ?? account,
    },
    certificates: { ...store.certificates, put: async () => undefined },
    counters: nothingTaken,
  }
}

/** Whatever is counted is used up: nothing that has a budget is done, such as asking for unknown certificates. */
export const nothingTaken: Store['counters'] = {
  hit: async () => Number.MAX_SAFE_INTEGER,
  takeBack: async () => undefined,
}

async function refuseTaken(store: Store, { provider, transactionId, ...order }: OrderRecord): Promise<void> {
  if (transactionId === undefined) return
  const owner = await store.orders.findByTransaction(provider, transactionId)
  if (owner && owner.outTradeNo !== order.outTradeNo) throw openapiError(TRANSACTION_TAKEN)
}
