import { hasCode, openapiError, TRANSACTION_TAKEN } from '../errors/index.js'
import { type Documents, MAX_PAGE } from './documents.js'
import type { OrderKey, OrderRecord, OrderStore } from './port.js'
import { type Revisions, revisions } from './revisions.js'

const orderId = ({ provider, merchantId, outTradeNo }: OrderKey) => `${provider}:${merchantId}:${outTradeNo}`
const transactionKey = (provider: string, transactionId: string) => `${provider}:${transactionId}`

export const orderRevisions = (documents: Documents): Revisions<OrderRecord> =>
  revisions<OrderRecord>(documents, {
    collection: 'orders',
    id: orderId,
    optional: {
      openid: true,
      payTokenHash: true,
      attach: true,
      notifyUrl: true,
      transactionId: true,
      cashFee: true,
      payerOpenid: true,
      timeEnd: true,
      expiresAt: true,
    },
    derived: {
      transactionKey: ({ provider, transactionId }) =>
        transactionId === undefined ? undefined : transactionKey(provider, transactionId),
    },
  })

export function orderStore(orders: Revisions<OrderRecord>): OrderStore {
  return {
    create: (order) => orders.insert(order),
    find: (key) => orders.get(orderId(key)),
    async findByTransaction(provider, transactionId) {
      const filter = { transactionKey: transactionKey(provider, transactionId) }
      const [order] = await orders.find(filter, { limit: 1 })
      return order
    },
    findByOutTradeNo: (outTradeNo) => orders.find({ outTradeNo }, { limit: MAX_PAGE }),
    async replace(order) {
      try {
        return await orders.replace(order)
      } catch (error) {
        if (!hasCode(error, 'UNIQUE_KEY_TAKEN')) throw error
        throw openapiError(TRANSACTION_TAKEN, {}, { cause: error })
      }
    },
  }
}
