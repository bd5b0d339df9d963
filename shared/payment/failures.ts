import { type Advice, OpenapiError } from '../errors/index.js'
import type { Bilingual, ErrorMeanings } from '../operation/index.js'

interface Failure extends Bilingual {
  advice: Advice
  /** HTTP status. */
  status: number
}

/** What can go wrong with an order here, before any provider is asked. */
const failures = {
  ORDER_NOT_FOUND: {
    // The same for an order that is not there and for one that is somebody else's.
    en: 'no such order for this caller',
    zh: '没有可供此调用者使用的订单',
    advice: 'fix the request',
    status: 404,
  },
  ORDER_PAID: {
    en: 'this order is paid already',
    zh: '订单已支付',
    advice: 'fix the request',
    status: 409,
  },
  ORDER_CLOSED: {
    en: 'this order is closed or has expired; make a new one',
    zh: '订单已关闭或已过期，请重新下单',
    advice: 'fix the request',
    status: 409,
  },
  OUT_TRADE_NO_USED: {
    en: 'outTradeNo: used before for an order with another amount, text or payer; use a new number',
    zh: '商户订单号已用于金额、描述或付款人不同的订单，请换新单号',
    advice: 'fix the request',
    status: 409,
  },
  UNKNOWN_MERCHANT: {
    en: 'mchId: not one of the merchants in the settings; add it to WEIXIN_MERCHANTS or ALIPAY_APPS',
    zh: '配置中没有此商户，请加入 WEIXIN_MERCHANTS 或 ALIPAY_APPS',
    advice: 'fix the settings',
    status: 400,
  },
} as const satisfies Record<string, Failure>

export type FailureCode = keyof typeof failures

export function failure(errCode: FailureCode): OpenapiError {
  const { en, zh, advice, status } = failures[errCode]
  return new OpenapiError({ errCode, errMsg: `${en} (${zh})`, advice, status })
}

/** What an operation's entry says of the failures it may answer. */
export const meaningsOf = (...codes: FailureCode[]): ErrorMeanings =>
  Object.fromEntries(codes.map((code) => [code, failures[code]]))
