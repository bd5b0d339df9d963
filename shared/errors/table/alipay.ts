import type { ErrorEntry } from '../entry.js'

/** The table of errors: Alipay alone. */

export const ALIPAY_DECRYPTION_FAILED = {
  errCode: 'DECRYPTION_FAILED',
  en: 'response: not signed by Alipay for this application, or cannot be opened with ALIPAY_AES_KEY; let the user press the button again, then check the keys in the console',
  advice: 'ask the user',
} as const satisfies ErrorEntry

export const ALIPAY_KEY_UNREADABLE = {
  errCode: 'INVALID_SETTING',
  en: 'the {what} of Alipay application {appId} cannot be read: expected PEM or its base64',
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry

export const ALIPAY_KEY_MISSING = {
  errCode: 'MISSING_SETTING',
  en: 'Alipay application {appId} has no {what}: set {settings}, or its like in ALIPAY_APPS',
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry

export const CANCEL_UNFINISHED = {
  errCode: 'CANCEL_UNFINISHED',
  en: 'Alipay has not finished cancelling and asks to be called again; query the order, then cancel again',
  docs: {
    en: 'Alipay has not finished cancelling; query the order, then cancel again',
    zh: '支付宝尚未完成撤销，请先查询订单，再次撤销',
  },
  advice: 'retry',
  outcome: 'unknown',
  status: 502,
} as const satisfies ErrorEntry

export const CONTENT_CHECK_NOT_OFFERED = {
  errCode: 'NOT_OFFERED',
  en: '{api}: Alipay offers no content check; check with another service before you publish',
  status: 501,
} as const satisfies ErrorEntry

export const ALIPAY_APP_OF_OTHER_KIND = {
  errCode: 'MISSING_SETTING',
  en: 'Alipay application {appId} does not serve payers of kind {kind}: name the one that does as mchId, or add it to ALIPAY_APPS',
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry
