import type { ErrorEntry } from '../entry.js'

/**
 * The table of errors: orders, refunds, bills and notices. One thing has one code, whichever provider it
 * happens at: where a provider has another word for ORDER_PAID (ORDERPAID) or NO_STATEMENT_EXIST (NO_BILL_EXIST),
 * its own table of codes maps it, and the word stays in the log.
 */

/** The same for an order that is not there and for one that is somebody else's. */
export const ORDER_NOT_FOUND = {
  errCode: 'ORDER_NOT_FOUND',
  en: 'no such order for this caller',
  zh: '没有可供此调用者使用的订单',
  status: 404,
} as const satisfies ErrorEntry

export const ORDER_UNKNOWN_TO_PROVIDER = {
  errCode: 'ORDER_NOT_FOUND',
  en: 'the provider knows no such order',
  status: 404,
} as const satisfies ErrorEntry

export const ORDER_PAID = {
  errCode: 'ORDER_PAID',
  en: 'this order is paid already',
  zh: '订单已支付',
  status: 409,
} as const satisfies ErrorEntry

export const ORDER_CLOSED = {
  errCode: 'ORDER_CLOSED',
  en: 'this order is closed or has expired; make a new one',
  zh: '订单已关闭或已过期，请重新下单',
  status: 409,
} as const satisfies ErrorEntry

export const OUT_TRADE_NO_USED = {
  errCode: 'OUT_TRADE_NO_USED',
  en: 'outTradeNo: used before for an order with another amount, text, payer or parameter; use a new number',
  zh: '商户订单号已用于金额、描述、付款人或参数不同的订单，请换新单号',
  status: 409,
} as const satisfies ErrorEntry

export const ORDER_NOT_PAID = {
  errCode: 'ORDER_NOT_PAID',
  en: 'this order is not paid: the provider was asked as well',
  zh: '订单未支付（已向支付平台查询）',
  status: 409,
} as const satisfies ErrorEntry

/** Alipay's apps: what was handed out can still be paid, so it may not count as closed. */
export const ORDER_NOT_BEGUN = {
  errCode: 'ORDER_NOT_BEGUN',
  en: 'the provider does not know this order until its payer opens the cashier, and cannot end it before; it dies when it expires (expireMinutes)',
  zh: '付款人打开收银台之前支付平台尚无此订单，无法关闭；订单到期后自动失效（expireMinutes）',
  advice: 'wait',
  status: 409,
} as const satisfies ErrorEntry

export const CLOSE_UNFINISHED = {
  errCode: 'CLOSE_UNFINISHED',
  en: 'the order was closed, but the provider does not say so yet; close it again',
  zh: '已请求关闭订单，但支付平台尚未确认，请再次关闭',
  advice: 'retry',
  status: 409,
} as const satisfies ErrorEntry

export const OUT_REFUND_NO_USED = {
  errCode: 'OUT_REFUND_NO_USED',
  en: 'outRefundNo: used before for another amount; a new refund needs a new number',
  zh: '商户退款单号已用于其他金额，新的退款请使用新的单号',
  status: 409,
} as const satisfies ErrorEntry

export const REFUND_TOO_MUCH = {
  errCode: 'REFUND_TOO_MUCH',
  en: 'refundFee: more than is left of the order; refunds whose outcome is not known count until it is, see refundQuery',
  zh: '退款金额超过订单剩余可退金额；结果未知的退款在查明前（refundQuery）也计入其中',
  status: 409,
} as const satisfies ErrorEntry

/** Whoever takes another number because the first refund failed, as it seems, gives the money back twice. */
export const REFUND_UNRESOLVED = {
  errCode: 'REFUND_UNRESOLVED',
  en: 'what became of an earlier refund of this order is not known: send that one again, same number and amount, or ask refundQuery',
  zh: '该订单此前的一笔退款结果未知：请用原退款单号和金额重试该笔退款，或用 refundQuery 查明',
  status: 409,
} as const satisfies ErrorEntry

export const EARLIER_REFUND_UNRESOLVED = {
  errCode: 'REFUND_UNRESOLVED',
  en: 'outRefundNo: what became of the refund {outRefundNo} of this order is not known: send that one again, same number and amount, or ask refundQuery (该订单的退款 {outRefundNo} 结果未知：请用原退款单号和金额重试，或用 refundQuery 查明)',
  status: 409,
} as const satisfies ErrorEntry

export const REFUND_NOT_FOUND = {
  errCode: 'REFUND_NOT_FOUND',
  en: 'the provider knows no such refund',
  zh: '支付平台没有此退款',
  status: 404,
} as const satisfies ErrorEntry

/** The library, whose answers are in English alone. */
export const REFUND_UNKNOWN_TO_PROVIDER = {
  errCode: 'REFUND_NOT_FOUND',
  en: 'the provider knows no such refund',
  status: 404,
} as const satisfies ErrorEntry

export const NOT_OFFERED = {
  errCode: 'NOT_OFFERED',
  en: 'the provider has nothing like it',
  zh: '该支付平台不提供此功能',
  status: 501,
} as const satisfies ErrorEntry

export const PAYMENT_NOT_OFFERED = {
  errCode: 'NOT_OFFERED',
  en: 'payment.{method} of {provider}: the provider has nothing like it (该支付平台不提供此功能): {instead}',
  status: 501,
} as const satisfies ErrorEntry

export const UNKNOWN_MERCHANT = {
  errCode: 'UNKNOWN_MERCHANT',
  en: 'mchId: not one of the merchants in the settings; add it to WEIXIN_MERCHANTS or ALIPAY_APPS',
  zh: '配置中没有此商户，请加入 WEIXIN_MERCHANTS 或 ALIPAY_APPS',
  advice: 'fix the settings',
} as const satisfies ErrorEntry

/** The bill that was fetched is not one, or not the one that was announced. */
export const BILL_REFUSED = {
  errCode: 'BILL_REFUSED',
  en: 'the file of the bill {problem}',
  docs: {
    en: 'the file of a bill is damaged, cut short or not the one announced',
    zh: '账单文件损坏、不完整或与声明不符',
  },
  advice: 'retry',
  status: 502,
} as const satisfies ErrorEntry

/** The platform answers this; the sentence has its own words behind it. */
export const NO_STATEMENT_EXIST = {
  errCode: 'NO_STATEMENT_EXIST',
  en: 'there is no bill for that day',
  zh: '账单文件不存在',
  status: 502,
} as const satisfies ErrorEntry

export const NOTICE_REFUSED = {
  errCode: 'NOTICE_REFUSED',
  en: 'not accepted',
  docs: {
    en: 'a callback was not verified; the log says why, and so does `npm run doctor -- notice`',
    zh: '回调验签不通过，原因见日志，或用 `npm run doctor -- notice` 诊断',
  },
} as const satisfies ErrorEntry

/** In the library the caller is the merchant's own code, so it may know for whom the notice was read. */
export const NOTICE_NOT_AUTHENTIC = {
  errCode: 'NOTICE_REFUSED',
  en: 'not an authentic notice for this merchant and application',
} as const satisfies ErrorEntry

/** Nothing that the sender did: the program that received it took the bytes apart. */
export const NOTICE_BODY_PARSED = {
  errCode: 'NOTICE_REFUSED',
  en: "event.body is an object: something parsed the body before, and a signature covers its bytes; hand over the bytes as they arrived, in Express by express.raw, its type '*/*', for this path in place of express.json and express.urlencoded",
} as const satisfies ErrorEntry

export const OTHER_NOTICE = {
  errCode: 'OTHER_NOTICE',
  en: 'this notice is of {kind}: {method} reads it',
  docs: {
    en: 'the notice is of the other kind: a payment where a refund was expected, or the other way round',
    zh: '通知类型不符：应为退款却是支付，或相反',
  },
} as const satisfies ErrorEntry

export const MERCHANT_APP_MISSING = {
  errCode: 'MISSING_SETTING',
  en: 'merchant {mchId} has no {what}: set {setting}, or "apps" in WEIXIN_MERCHANTS',
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry
