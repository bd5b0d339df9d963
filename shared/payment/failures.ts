import { type Advice, OpenapiError } from '../errors/index.js'
import type { Bilingual, ErrorMeanings } from '../operation/index.js'

interface Failure extends Bilingual {
  advice: Advice
  /** HTTP status. */
  status: number
}

/** What can go wrong with an order here, before any provider is asked. */
export const failures = {
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
  ORDER_NOT_PAID: {
    en: 'this order is not paid: the provider was asked as well',
    zh: '订单未支付（已向支付平台查询）',
    advice: 'fix the request',
    status: 409,
  },
  ORDER_NOT_BEGUN: {
    // Alipay's apps: what was handed out can still be paid, so it may not count as closed.
    en:
      'the provider does not know this order until its payer opens the cashier, and cannot end it before; ' +
      'it dies when it expires (expireMinutes)',
    zh: '付款人打开收银台之前支付平台尚无此订单，无法关闭；订单到期后自动失效（expireMinutes）',
    advice: 'wait',
    status: 409,
  },
  CLOSE_UNFINISHED: {
    en: 'the order was closed, but the provider does not say so yet; close it again',
    zh: '已请求关闭订单，但支付平台尚未确认，请再次关闭',
    advice: 'retry',
    status: 409,
  },
  OUT_REFUND_NO_USED: {
    en: 'outRefundNo: used before for another amount; a new refund needs a new number',
    zh: '商户退款单号已用于其他金额，新的退款请使用新的单号',
    advice: 'fix the request',
    status: 409,
  },
  REFUND_TOO_MUCH: {
    en:
      'refundFee: more than is left of the order; ' +
      'refunds whose outcome is not known count until it is, see refundQuery',
    zh: '退款金额超过订单剩余可退金额；结果未知的退款在查明前（refundQuery）也计入其中',
    advice: 'fix the request',
    status: 409,
  },
  REFUND_NOT_FOUND: {
    en: 'the provider knows no such refund',
    zh: '支付平台没有此退款',
    advice: 'fix the request',
    status: 404,
  },
  NOT_OFFERED: {
    en: 'the provider has nothing like it',
    zh: '该支付平台不提供此功能',
    advice: 'fix the request',
    status: 501,
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
