import { certificateStore } from './certificates.js'
import { codeStore } from './codes.js'
import { counterStore } from './counters.js'
import type { Documents } from './documents.js'
import { eventStore } from './events.js'
import { noticeRevisions, noticeStore } from './notices.js'
import { orderRevisions, orderStore } from './orders.js'
import type { Store } from './port.js'
import { sessionStore } from './sessions.js'
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
