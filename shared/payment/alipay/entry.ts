import type { AlipayApp } from '../../config/alipayApp.js'
import type { Settings } from '../../config/index.js'
import { alipayAppSettings } from '../../config/providerSettings.js'
import type { HttpReply } from '../../operation/index.js'
import type { ProviderEntry } from '../provider.js'

/** Alipay stops when the body is exactly these seven letters, and comes again whatever else it is. */
const reply = (body: 'success' | 'fail'): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
})

async function apps(settings: Settings): Promise<AlipayApp[]> {
  const { alipayApps } = await import('../../config/alipayApp.js')
  return alipayApps(settings)
}

/** Payments need answers that can be proved; without Alipay's key an application can still log users in. */
export const isPayable = ({ privateKey, publicKey, certificates }: AlipayApp): boolean =>
  privateKey !== undefined && (publicKey !== undefined || certificates !== undefined)

export const alipayEntry: ProviderEntry = {
  settings: alipayAppSettings,
  family: 'alipay',
  replies: { accepted: reply('success'), refused: reply('fail') },
  isConfigured: async (settings) => (await apps(settings)).some(isPayable),
  merchantIds: async (settings) => (await apps(settings)).filter(isPayable).map(({ appId }) => appId),
  async open(settings, dependencies, merchantId) {
    const known = await apps(settings)
    if (known.length === 0) throw settings.missing('ALIPAY_APP_ID')
    const app = known.find(({ appId }) => appId === (merchantId ?? appId))
    if (!app) return undefined
    const { alipay } = await import('./index.js')
    return alipay(app, dependencies)
  },
}
