import { orderText } from '../../alipay/severalReadings.js'
import { invalidParam } from '../../errors/index.js'
import { omitUndefined } from '../../operation/operation.js'
import type { ExtraRules, Limits, ProviderId, RefundRequest } from '../provider.js'
import { checkExtra, type Extra } from './extra.js'
import {
  alipayParameters,
  type OrderParameters,
  type ParameterName,
  parameterNames,
  weixinParameters,
} from './orderParameters.js'

/** What of the fields that all providers share each of them takes. Apart from the registry: notices need none of it. */

const outTradeNo = { pattern: /^[A-Za-z0-9_|*-]{6,32}$/, like: '6 to 32 letters, digits or _ - | *' }
const refundDesc = { pattern: /^.{1,80}$/su, like: 'at most 80 characters' }

const v2Limits: Limits = {
  outTradeNo,
  refundDesc,
  limitPay: { pattern: /^no_credit$/, like: 'no_credit, the only one that V2 has' },
  // Notices repeat it, and one that could be read in several ways is refused.
  deviceInfo: { pattern: /^[^&]*$/, like: 'a text without &' },
}

const v3Limits: Limits = {
  outTradeNo,
  refundDesc,
  detail: { pattern: /^\s*\{/, like: 'an object, or the JSON text of one' },
}

/** In every request of V2. */
const ENVELOPE = ['appid', 'mch_id', 'nonce_str', 'sign_type', 'sign']

const v2Extra: ExtraRules = {
  order: {
    own: [
      ...ENVELOPE,
      ...['body', 'attach', 'out_trade_no', 'total_fee', 'fee_type', 'spbill_create_ip', 'notify_url'],
      ...['time_start', 'time_expire', 'trade_type', 'openid', 'product_id', 'scene_info', 'device_info'],
      ...['detail', 'goods_tag', 'limit_pay', 'receipt', 'profit_sharing'],
    ],
  },
  refund: {
    own: [
      ...ENVELOPE,
      ...['transaction_id', 'out_trade_no', 'out_refund_no', 'total_fee', 'refund_fee', 'refund_fee_type'],
      ...['refund_desc', 'refund_account', 'notify_url', 'detail'],
    ],
  },
}

const v3Extra: ExtraRules = {
  order: {
    own: [
      ...['appid', 'mchid', 'description', 'out_trade_no', 'time_expire', 'attach', 'notify_url'],
      ...['amount.total', 'amount.currency', 'payer.openid', 'detail', 'goods_tag', 'limit_pay'],
      ...['support_fapiao', 'settle_info.profit_sharing', 'scene_info.payer_client_ip'],
      ...['scene_info.device_id', 'scene_info.store_info', 'scene_info.h5_info'],
    ],
  },
  refund: {
    own: [
      ...['transaction_id', 'out_trade_no', 'out_refund_no', 'reason', 'notify_url', 'funds_account'],
      ...['amount.refund', 'amount.total', 'amount.currency', 'goods_detail'],
    ],
  },
}

const alipayLimits: Limits = {
  outTradeNo: { pattern: /^\w{1,64}$/, like: 'at most 64 letters, digits or underscores' },
  refundDesc: { pattern: /^.{1,256}$/su, like: 'at most 256 characters' },
  ...{ subject: orderText, body: orderText },
}

const alipayExtra: ExtraRules = {
  order: {
    own: [
      ...['out_trade_no', 'total_amount', 'subject', 'body', 'seller_id', 'passback_params', 'product_code'],
      ...['time_expire', 'timeout_express', 'op_app_id', 'buyer_id', 'buyer_open_id', 'extend_params'],
      ...['goods_detail', 'store_id', 'query_options'],
    ],
  },
  refund: {
    own: [
      ...['trade_no', 'out_trade_no', 'refund_amount', 'refund_currency', 'out_request_no', 'refund_reason'],
      ...['goods_detail', 'refund_goods_detail', 'store_id', 'query_options'],
    ],
    // Unknown ones may make a refund fail, or happen twice: https://opendocs.alipay.com/open/4b7cc5db_alipay.trade.refund
    only: ['refund_royalty_parameters', 'operator_id', 'terminal_id', 'org_pid', 'related_settle_confirm_no'],
  },
}

const limits: Readonly<Record<ProviderId, Limits>> = {
  'weixin-v2': v2Limits,
  'weixin-v3': v3Limits,
  alipay: alipayLimits,
}

/** Those of the parameters that not every provider has. */
const parametersOf: Readonly<Record<ProviderId, readonly ParameterName[]>> = {
  'weixin-v2': weixinParameters,
  'weixin-v3': weixinParameters,
  alipay: alipayParameters,
}

const extras: Readonly<Record<ProviderId, ExtraRules>> = {
  'weixin-v2': v2Extra,
  'weixin-v3': v3Extra,
  alipay: alipayExtra,
}

/** Refuses what other providers take and this one does not, since all share one set of fields. INVALID_PARAM. */
export function checkLimits(id: ProviderId, given: Partial<Record<keyof Limits, string | undefined>>): void {
  for (const [name, { pattern, like }] of Object.entries(limits[id])) {
    const value = given[name as keyof typeof given]
    if (value !== undefined && !pattern.test(value)) throw invalidParam(name, `expected ${like}`)
  }
}

/** Which provider's word a parameter is, for whoever gave it to another one. */
const ownerOf = (name: ParameterName): string =>
  parametersOf.alipay.includes(name) ? 'Alipay' : 'WeChat Pay'

/**
 * Refuses what this provider has no field for: a restriction that is left out in silence would be missed when it is
 * too late. INVALID_PARAM.
 */
export function checkParameters(id: ProviderId, parameters: OrderParameters = {}): void {
  const foreign = parameterNames.find(
    (name) => parameters[name] !== undefined && !parametersOf[id].includes(name),
  )
  if (foreign) throw invalidParam(foreign, `only ${ownerOf(foreign)} has it; leave it out for ${id}`)
  const { limitPay, detail, deviceInfo } = parameters
  const written = typeof detail === 'string' ? detail : undefined
  checkLimits(id, { limitPay: limitPay?.join(), detail: written, deviceInfo })
}

/** The same for all that describes an order. INVALID_PARAM. */
export function checkOrder(id: ProviderId, parameters?: OrderParameters, extra?: Extra): void {
  checkParameters(id, parameters)
  if (extra) checkExtra(extras[id].order, extra)
}

/** The same for what a refund brings along. INVALID_PARAM. */
export function checkRefund(
  id: ProviderId,
  {
    refundDesc,
    refundAccount,
    storeId,
    queryOptions,
    extra,
  }: {
    [Name in 'refundDesc' | 'refundAccount' | 'storeId' | 'queryOptions' | 'extra']?:
      | RefundRequest[Name]
      | undefined
  },
): void {
  checkLimits(id, { refundDesc })
  if (refundAccount !== undefined && id === 'alipay') {
    throw invalidParam('refundAccount', 'only WeChat Pay has it')
  }
  checkParameters(id, omitUndefined({ storeId, queryOptions }))
  if (extra) checkExtra(extras[id].refund, extra)
}
