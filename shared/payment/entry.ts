import type { SettingName, Settings } from '../config/index.js'
import type { Context } from '../operation/index.js'
import type { SessionRecord } from '../store/port.js'
import type { NoticeReplies, Outside, PaymentProvider } from './provider.js'

/** `store`, where there is one, keeps what a provider must know beyond one call: certificates. */
export type Opening = Outside & Partial<Pick<Context, 'store' | 'hasStore'>>

/** What is known of a payment system before it is needed. Small: it loads with every payment function. */
export interface ProviderEntry {
  /** All settings it may read. */
  settings: readonly SettingName[]
  /** Whose logins its payers have. */
  family: SessionRecord['provider']
  /** What it takes for an `outTradeNo`; `like` completes "expected ...". */
  orderNumber: { pattern: RegExp; like: string }
  /** Its own words for 'received' and 'come again'. The second is the same for every reason. */
  replies: NoticeReplies
  isConfigured(settings: Settings): Promise<boolean>
  /**
   * The provider for one merchant, the first one where none is named; undefined when that merchant is not in the
   * settings. MISSING_SETTING when there is no merchant at all. This loads the provider's code.
   */
  open(settings: Settings, outside: Opening, merchantId?: string): Promise<PaymentProvider | undefined>
}
