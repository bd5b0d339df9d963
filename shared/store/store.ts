import { type Documents, MAX_PAGE, put } from './documents.js'
import { codeStore, counterStore, sessionStore } from './expiring.js'
import { eventStore, noticeRevisions, noticeStore, orderRevisions, orderStore } from './payments.js'
import type { CertificateRecord, CertificateStore, Store } from './port.js'
import { tokenStore } from './tokens.js'

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
    certificates: certificateStore(documents),
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
