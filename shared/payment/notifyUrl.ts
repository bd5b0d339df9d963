import { invalidSetting, type Settings } from '../config/index.js'
import type { OrderKey } from '../store/port.js'

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
