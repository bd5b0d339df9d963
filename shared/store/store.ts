import { type Documents, MAX_PAGE, put } from './documents.js'
import { codeStore, counterStore, sessionStore } from './expiring.js'
import { listStore } from './lists/lists.js'
import { eventStore, noticeRevisions, noticeStore, orderRevisions, orderStore } from './payments.js'
import type { AccountRecord, AccountStore, CertificateRecord, CertificateStore, Store } from './port.js'
import { reportStore } from './reports.js'
import { timerStore, tokenStore } from './tokens.js'
import { upkeepStore } from './upkeep/upkeep.js'

/** The whole store over one adapter: what is kept, and how, is written once for all databases. */
export function storeOver(documents: Documents): Store {
  const orders = orderRevisions(documents)
  const notices = noticeRevisions(documents)
  return {
    tokens: tokenStore(documents),
    sessions: sessionStore(documents),
    counters: counterStore(documents),
    codes: codeStore(documents),
    orders: orderStore(orders),
    notices: noticeStore(documents, notices),
    events: eventStore(orders, notices),
    upkeep: upkeepStore(documents, orders, notices),
    lists: listStore(documents, orders, notices),
    certificates: certificateStore(documents),
    reports: reportStore(documents),
    accounts: accountStore(documents),
    timers: timerStore(documents),
    close: () => documents.close(),
  }
}

/** Certificates of providers, under their serial numbers. */
function certificateStore(documents: Documents): CertificateStore {
  return {
    async list(provider, merchantId) {
      const found = await documents.find('certificates', { provider, merchantId }, { limit: MAX_PAGE })
      return found.map(({ _id, ...certificate }) => certificate as unknown as CertificateRecord)
    },
    put: (certificate) => {
      const { provider, merchantId, serial } = certificate
      return put(documents, 'certificates', { _id: `${provider}:${merchantId}:${serial}`, ...certificate })
    },
  }
}

/**
 * What was learned of accounts, beside the certificates, which are learned of accounts too: a collection that every
 * deployed space has already. It lies one level deeper, so that no list of certificates finds it.
 */
export function accountStore(documents: Documents): AccountStore {
  const idOf = (provider: string, merchantId: string) => `account:${provider}:${merchantId}`
  const find = async (provider: string, merchantId: string) => {
    const found = await documents.get('certificates', idOf(provider, merchantId))
    return found?.account as AccountRecord | undefined
  }
  return {
    find,
    async learn(account) {
      const { provider, merchantId } = account
      if (await documents.insert('certificates', { _id: idOf(provider, merchantId), account })) return account
      return (await find(provider, merchantId)) ?? account
    },
  }
}
