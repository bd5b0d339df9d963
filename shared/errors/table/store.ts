import type { ErrorEntry } from '../entry.js'

/** The table of errors: the store. Rows that only some adapters raise load with them. */

export const NO_STORE_OPTION = {
  errCode: 'MISSING_SETTING',
  en: 'store: this needs one, such as openMongoStore(uri)',
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry

export const STORE_DAMAGED = {
  errCode: 'STORE_DAMAGED',
  en: '{file} is not as it was written: cut off, overwritten, or damaged by the disk. Restore it from a backup, or move it away to begin with an empty store',
  docs: {
    en: 'the file of the embedded store is damaged; it is refused, never served',
    zh: '内嵌数据库文件已损坏，拒绝使用；请从备份恢复，或移走该文件以空库重新开始',
  },
  advice: 'fix the settings',
  status: 503,
} as const satisfies ErrorEntry

export const STORE_TOO_NEW = {
  errCode: 'STORE_TOO_NEW',
  en: '{file} was written by a newer version of this program; use that version',
  docs: {
    en: 'the file of the embedded store was written by a newer version',
    zh: '内嵌数据库文件由更新的版本写入，请使用该版本',
  },
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

/** Of one's own server: the library brings no binary along for those who keep their data elsewhere. */
export const STORE_LIBRARY_MISSING = {
  errCode: 'STORE_LIBRARY_MISSING',
  en: 'the embedded store stands on the package libsql, which cannot be loaded here: run npm install libsql@0.5.29',
  docs: {
    en: "the embedded store of one's own server needs the package libsql: `npm install libsql@0.5.29`",
    zh: '自己的服务器使用内嵌数据库需要安装 libsql：`npm install libsql@0.5.29`',
  },
  advice: 'fix the settings',
  status: 503,
} as const satisfies ErrorEntry
