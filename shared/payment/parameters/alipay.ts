import { omitUndefined } from '../../operation/operation.js'
import type { OrderRequest } from '../provider.js'
import type { OrderParameters } from './orderParameters.js'
import { wireNames } from './spelling.js'

/**
 * What an order says beside its amount and its text, in Alipay's names; one that is undefined takes a usual field away.
 * https://opendocs.alipay.com/mini/6039ed0c_alipay.trade.create
 */
export function furtherFields(parameters: OrderParameters, { scene, expiresAt }: OrderRequest): object {
  const { description, timeoutExpress, passbackParams, extendParams, goodsDetail } = parameters
  // An app's order begins when its cashier opens, which may be any day: where an end is known, it is the better word.
  const isRelative = timeoutExpress !== undefined && !(scene === 'app' && expiresAt !== undefined)
  return {
    ...omitUndefined({
      body: description,
      passback_params: passbackParams === undefined ? undefined : encodedOnce(passbackParams),
      extend_params: extendParams && wireNames(extendParams),
      goods_detail: goodsDetail && wireNames(goodsDetail),
      store_id: parameters.storeId,
      query_options: parameters.queryOptions,
    }),
    // Alipay does not say which of the two wins.
    ...(isRelative ? { timeout_express: timeoutExpress, time_expire: undefined } : {}),
  }
}

const ENCODED = /^(?:[\w.!~*'()+-]|%[0-9A-Fa-f]{2})*$/

/** Alipay wants it percent-encoded, and so uni-pay's users write it. */
const encodedOnce = (text: string): string => (ENCODED.test(text) ? text : encodeURIComponent(text))
