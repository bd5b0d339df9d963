import type { AlipayClient } from '../../alipay/client.js'
import { canVerify } from '../../alipay/keys/verifySignature.js'
import { settingMissing } from '../../alipay/signature.js'
import type { AlipayApp, AlipayAppKind } from '../../config/alipayApp.js'
import { ALIPAY_APP_OF_OTHER_KIND, invalidParam, openapiError } from '../../errors/index.js'
import type { PaymentProvider, ProviderDependencies, Scene } from '../provider.js'
import { readNotice } from './notice.js'

/**
 * Alipay for one application: RSA2, in key mode or certificate mode. What calls Alipay loads when it is needed; a
 * notice, whose sender does not wait long, only needs its reader. MISSING_SETTING.
 */
export function alipay(app: AlipayApp, dependencies: ProviderDependencies): PaymentProvider {
  if (app.privateKey === undefined) throw settingMissing(app, 'private key', 'ALIPAY_PRIVATE_KEY')
  if (!canVerify(app)) throw settingMissing(app, 'key of Alipay', 'ALIPAY_PUBLIC_KEY')
  const client: AlipayClient = { app, dependencies }
  return {
    id: 'alipay',
    merchantId: app.appId,
    appIdFor: (scene) => appIdFor(app, scene),
    loginScenes: loginScenes(app),
    getOrderInfo: async (request) => (await import('./order.js')).makeOrder(client, request),
    orderQuery: async (query) => (await import('./order.js')).orderQuery(client, query),
    beginsAtCashier: true,
    closeOrder: async (query) => (await import('./order.js')).closeOrder(client, query),
    cancelOrder: async (query) => (await import('./order.js')).cancelOrder(client, query),
    refund: async (request) => (await import('./refund.js')).refund(client, request),
    forgetsFailedRefunds: true,
    refundQuery: async (query) => (await import('./refund.js')).refundQuery(client, query),
    downloadBill: async (request) => (await import('./bill.js')).downloadBill(client, request),
    fetchBill: async (request) => (await import('./bill.js')).fetchBill(client, request),
    readNotice: (call) => readNotice(client, call),
    explain: async (call, reason) =>
      (await import('../../alipay/diagnosis.js')).explainNotice(app, call, reason),
  }
}

const kinds: Readonly<Partial<Record<Scene, AlipayAppKind>>> = { mini: 'mp', app: 'app' }

function loginScenes({ kind }: AlipayApp): Scene[] {
  if (kind === undefined) return ['mini', 'app']
  return [kind === 'mp' ? 'mini' : 'app']
}

/** An application is its own merchant: there is no other to choose. */
function appIdFor(app: AlipayApp, scene?: Scene): string {
  const kind = scene && kinds[scene]
  if (scene !== undefined && kind === undefined) {
    throw invalidParam('clientType', 'Alipay serves mini programs (mp-alipay) and apps (app) here')
  }
  if (kind === undefined || app.kind === undefined || app.kind === kind) return app.appId
  throw openapiError(ALIPAY_APP_OF_OTHER_KIND, { appId: app.appId, kind })
}
