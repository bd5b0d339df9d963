import { createHash } from 'node:crypto'
import type { Charset } from './form.js'

/** The application as the console of Alipay's open platform shows it. */
export interface AlipayAccount {
  appId: string
  /** The merchant's own account, which is paid. */
  sellerId: string
  /** Base64 of 16 bytes, for encrypted content. */
  aesKey: string
}

/** What an application can have agreed with Alipay in one way or another. */
export interface AlipayAgreement {
  /** How the two verify each other; `keys` by default. */
  verification: 'keys' | 'certificates'
  /** Which id of its users the application is told; `open_id`, which new applications get, by default. */
  userIds: 'open_id' | 'user_id'
  /** RSA2 by default; RSA, with SHA-1, is for contracts older than 2016. */
  signType: SignType
  /** In which notices are written; `utf-8` by default. */
  noticeCharset: Charset
  /** Whether payments can be given back; without it they are TRADE_FINISHED at once. */
  refunds: boolean
}

export type SignType = 'RSA2' | 'RSA'

export interface AlipayOptions extends Partial<AlipayAgreement> {
  account?: Partial<AlipayAccount>
}

export const usualAgreement: AlipayAgreement = {
  verification: 'keys',
  userIds: 'open_id',
  signType: 'RSA2',
  noticeCharset: 'utf-8',
  refunds: true,
}

export const localAccount: AlipayAccount = {
  appId: '2021009000000109',
  sellerId: '2088900000000109',
  aesKey: createHash('sha256').update('twin alipay content').digest().subarray(0, 16).toString('base64'),
}
