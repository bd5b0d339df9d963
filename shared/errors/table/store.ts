import type { ErrorEntry } from '../entry.js'

/** The table of errors: the store. Rows that only some adapters raise load with them. */

export const NO_STORE_OPTION = {
  errCode: 'MISSING_SETTING',
  en: 'store: this needs one, such as openMongoStore(uri)',
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry

export const STORE_IN_USE = {
  errCode: 'STORE_IN_USE',
  en: "process {pid} has this embedded store open, and two would lose each other's writes; stop it, or remove {file} if no such process uses it",
  docs: { en: 'another process has the embedded store open', zh: '另一个进程正在使用内嵌数据库' },
  advice: 'fix the settings',
  status: 503,
} as const satisfies ErrorEntry

/** Stays inside: each caller of the store turns it into what it means there. */
export const UNIQUE_KEY_TAKEN = {
  errCode: 'UNIQUE_KEY_TAKEN',
  en: 'another document has this unique key already',
  status: 409,
} as const satisfies ErrorEntry

export const TRANSACTION_TAKEN = {
  errCode: 'TRANSACTION_TAKEN',
  en: 'another order was paid with this transaction already',
  docs: { zh: '此交易已用于另一笔订单' },
  advice: 'contact the provider',
  status: 409,
} as const satisfies ErrorEntry
