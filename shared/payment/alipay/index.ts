import { lacking } from '../../alipay/keys/credentials.js'
import { canVerify } from '../../alipay/keys/trust.js'
import type { AlipayApp, AlipayAppKind } from '../../config/alipayApp.js'
import { invalidParam, OpenapiError } from '../../errors/index.js'
import type { PaymentProvider, ProviderDependencies, Scene } from '../provider.js'
import { readNotice } from './notice.js'

/**
 * Alipay for one application: RSA2, in key mode or certificate mode. What calls Alipay loads when it is needed; a
 * notice, whose sender does not wait long, only needs its reader.
 */
export function alipay(app: AlipayApp, dependencies: ProviderDependencies): PaymentProvider {
  if (app.privateKey === undefined) throw lacking(app, 'private key', 'ALIPAY_PRIVATE_KEY')
  if (!canVerify(app)) throw lacking(app, 'key of Alipay', 'ALIPAY_PUBLIC_KEY')
  return {
    id: 'alipay',
    merchantId: app.appId,
    appIdFor: (scene) => appIdFor(app, scene),
    getOrderInfo: async (request) => (await import('./order.js')).orderInfo(app, dependencies, request),
    orderQuery: async (query) => (await import('./query.js')).orderQuery(app, dependencies, query),
    beginsAtCashier: true,
    closeOrder: async (query) => (await import('./close.js')).closeOrder(app, dependencies, query),
    cancelOrder: async (query) => (await import('./close.js')).cancelOrder(app, dependencies, query),
    refund: async (request) => (await import('./refund.js')).refund(app, dependencies, request),
    refundQuery: async (query) => (await import('./refundQuery.js')).refundQuery(app, dependencies, query),
    downloadBill: async (request) => (await import('./bill.js')).downloadBill(app, dependencies, request),
    readNotice: (call) => readNotice(app, dependencies, call),
    explain: async (call, reason) => (await import('./diagnosis.js')).explainNotice(app, call, reason),
  }
}

const kinds: Readonly<Partial<Record<Scene, AlipayAppKind>>> = { mini: 'mp', app: 'app' }

/** An application is its own merchant: there is no other to choose. */
function appIdFor(app: AlipayApp, scene?: Scene): string {
  const kind = scene && kinds[scene]
  if (scene !== undefined && kind === undefined) {
    throw invalidParam('clientType', 'Alipay serves mini programs (mp-alipay) and apps (app) here')
  }
  if (kind === undefined || app.kind === undefined || app.kind === kind) return app.appId
  throw new OpenapiError({
    errCode: 'MISSING_SETTING',
    errMsg: `Alipay application ${app.appId} does not serve payers of kind ${kind}: name the one that does as mchId, or add it to ALIPAY_APPS`,
    advice: 'fix the settings',
    status: 500,
  })
}
