import { invalidSetting, type SettingName, type Settings } from '../config/index.js'
import { weixinCertificateSettings } from '../config/providerSettings.js'
import { invalidParam, openapiError, PAYMENT_NOT_OFFERED, UNKNOWN_MERCHANT } from '../errors/index.js'
import type { Context } from '../operation/index.js'
import type { OrderKey } from '../store/port.js'
import { alipayEntry } from './alipay/entry.js'
import { type PaymentProvider, type ProviderEntry, type ProviderId, providerIds } from './provider.js'
import { weixinV2Entry } from './weixin-v2/entry.js'
import { weixinV3Entry } from './weixin-v3/entry.js'

/** The payment systems there are. */
const entries: Readonly<Record<ProviderId, ProviderEntry>> = {
  'weixin-v2': weixinV2Entry,
  'weixin-v3': weixinV3Entry,
  alipay: alipayEntry,
}

/** In which order the settings present decide, where PAYMENT_PROVIDER does not: V3 is what new merchants get. */
const preference: readonly ProviderId[] = ['weixin-v3', 'weixin-v2', 'alipay']

/** Settings from which providers are chosen and opened. */
export const providerSettings: readonly SettingName[] = [
  ...new Set<SettingName>([
    'PAYMENT_PROVIDER',
    ...Object.values(entries).flatMap(({ settings }) => settings),
  ]),
]

/** The same for what wants to see WeChat Pay V2's client certificate too: refunds and fund-flow bills. */
export const certifiedSettings: readonly SettingName[] = [...providerSettings, ...weixinCertificateSettings]

/** The entry of a provider by its name, which may come from any caller. */
export function entryOf(name: string): { id: ProviderId; entry: ProviderEntry } | undefined {
  const id = providerIds.find((known) => known === name)
  return id && { id, entry: entries[id] }
}

/** The provider a call means: the one it names, else PAYMENT_PROVIDER, else the first one that is configured. */
export async function chooseProvider(
  settings: Settings,
  { name, family }: { name?: string | undefined; family?: ProviderEntry['family'] | undefined } = {},
): Promise<ProviderId> {
  const suits = (id: ProviderId) => family === undefined || entries[id].family === family
  if (name !== undefined) {
    const named = entryOf(name)
    if (named && suits(named.id)) return named.id
    throw invalidParam('provider', `expected one of ${Object.keys(entries).join(', ')}`)
  }
  const set = settings.get('PAYMENT_PROVIDER')
  const preset = set === undefined ? undefined : entryOf(set)
  if (set !== undefined && !preset) throw invalidSetting('PAYMENT_PROVIDER', 'not a provider')
  if (preset && suits(preset.id)) return preset.id
  for (const id of preference) {
    if (suits(id) && (await entries[id].isConfigured(settings))) return id
  }
  throw settings.missing(family === 'alipay' ? 'ALIPAY_APP_ID' : 'WEIXIN_MCH_ID')
}

/** Opens a provider for a merchant, the first one where none is named. UNKNOWN_MERCHANT, MISSING_SETTING. */
export async function openProvider(
  context: Context,
  name: string,
  merchantId?: string,
): Promise<PaymentProvider> {
  const provider = await entryOf(name)?.entry.open(context.settings, context, merchantId)
  if (provider) return provider
  throw openapiError(UNKNOWN_MERCHANT)
}

/** A merchant at a provider. */
export type Account = Pick<OrderKey, 'provider' | 'merchantId'>

/**
 * Every merchant in the settings whose bills can be had, each once: WeChat Pay's two systems share a merchant's bill, so
 * that V3, which vouches for it, is asked where both are set. UNKNOWN_MERCHANT when there is none of that name.
 */
export async function billAccounts(
  settings: Settings,
  { provider, merchantId }: Partial<Account> = {},
): Promise<Account[]> {
  const accounts: Account[] = []
  for (const id of preference) {
    if (provider !== undefined && provider !== id) continue
    for (const each of await entries[id].merchantIds(settings)) {
      const isShared = accounts.some((known) => known.merchantId === each)
      if (!isShared && (merchantId ?? each) === each) accounts.push({ provider: id, merchantId: each })
    }
  }
  if (accounts.length > 0) return accounts
  throw openapiError(UNKNOWN_MERCHANT)
}

/**
 * Where a provider sends its notices about a merchant's payments: `NOTIFY_BASE_URL/<function>/<provider>/<merchant>`.
 * The path chooses the keys and proves nothing; a query would be cut off upstream.
 */
export function notifyUrlFor(
  settings: Settings,
  functionName: 'verifyPaymentNotify' | 'verifyRefundNotify',
  { provider, merchantId }: Pick<OrderKey, 'provider' | 'merchantId'>,
): string {
  const base = settings.require('NOTIFY_BASE_URL')
  if (!/^https?:\/\/[^\s?#]+$/.test(base)) {
    throw invalidSetting('NOTIFY_BASE_URL', 'not an absolute URL without a query string')
  }
  return `${base.replace(/\/+$/, '')}/${functionName}/${provider}/${merchantId}`
}

/** The reverse: the last two segments of the path a notice came by. */
export function addressee(path: string): { provider: string; merchantId: string } | undefined {
  const [, provider, merchantId] = /\/([a-z0-9-]{1,32})\/([A-Za-z0-9_-]{1,64})\/?$/.exec(path) ?? []
  return provider !== undefined && merchantId !== undefined ? { provider, merchantId } : undefined
}

/** What not every provider has, and what to do instead. */
const alternatives = {
  closeOrder: 'let the order expire (expireMinutes)',
  cancelOrder: 'only Alipay cancels; close an unpaid order with closeOrder, give back a paid one with refund',
  refund: 'give the money back in the merchant console',
  refundQuery: 'look into the merchant console',
  downloadBill: 'look into the merchant console',
  fetchBill: 'look into the merchant console',
  downloadFundflow:
    "only WeChat Pay has it; Alipay's downloadBill with billType signcustomer tells all that moved on the account",
  encryptSensitive: 'only WeChat Pay V3 has encrypted fields',
  decryptSensitive: 'only WeChat Pay V3 has encrypted fields',
} as const

export type Capability = keyof typeof alternatives

/** The method of a provider that not every one has. NOT_OFFERED says what to do without. */
export function requireCapability<Name extends Capability>(
  provider: PaymentProvider,
  name: Name,
): NonNullable<PaymentProvider[Name]> {
  const method = provider[name]
  if (method) return method
  throw openapiError(PAYMENT_NOT_OFFERED, {
    method: name,
    provider: provider.id,
    instead: alternatives[name],
  })
}
