import { invalidSetting, type SettingName, type Settings } from '../config/index.js'
import { weixinCertificateSettings } from '../config/providerSettings.js'
import { invalidParam } from '../errors/index.js'
import type { Context } from '../operation/index.js'
import { alipayEntry } from './alipay/entry.js'
import { failure } from './failures.js'
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

/** The entry of a provider by its name, which may be anybody's word. */
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
  throw failure('UNKNOWN_MERCHANT')
}
