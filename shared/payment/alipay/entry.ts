import type { AlipayApp } from '../../config/alipayApp.js'
import type { Settings } from '../../config/index.js'
import { alipayAppSettings } from '../../config/providerSettings.js'
import type { HttpReply } from '../../operation/index.js'
import { alipayParameters } from '../parameters/orderParameters.js'
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
  limits: {
    outTradeNo: { pattern: /^\w{1,64}$/, like: 'at most 64 letters, digits or underscores' },
    refundDesc: { pattern: /^.{1,256}$/su, like: 'at most 256 characters' },
  },
  parameters: alipayParameters,
  extra: {
    order: {
      own: [
        ...[
          'out_trade_no',
          'total_amount',
          'subject',
          'body',
          'seller_id',
          'passback_params',
          'product_code',
        ],
        ...['time_expire', 'timeout_express', 'op_app_id', 'buyer_id', 'buyer_open_id', 'extend_params'],
        ...['goods_detail', 'store_id', 'query_options'],
      ],
    },
    refund: {
      own: [
        ...[
          'trade_no',
          'out_trade_no',
          'refund_amount',
          'refund_currency',
          'out_request_no',
          'refund_reason',
        ],
        ...['goods_detail', 'refund_goods_detail', 'store_id', 'query_options'],
      ],
      // Unknown ones may make a refund fail, or happen twice: https://opendocs.alipay.com/open/4b7cc5db_alipay.trade.refund
      only: [
        'refund_royalty_parameters',
        'operator_id',
        'terminal_id',
        'org_pid',
        'related_settle_confirm_no',
      ],
    },
  },
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
