import type { Meaning } from '../operation/index.js'

/** The gateway's `code`, for answers whose `sub_code` says nothing more. https://opendocs.alipay.com/common/02km9f */
export const codes: Readonly<Record<string, Meaning>> = {
  10003: {
    en: 'the payment is still running; query it',
    zh: '支付处理中，请查询结果',
    advice: 'wait',
    outcome: 'unknown',
  },
  20000: {
    en: 'Alipay is not available at the moment; query, then send the same numbers again',
    zh: '服务暂不可用，请先查询，再用相同参数重试',
    advice: 'retry',
    outcome: 'unknown',
  },
  20001: { en: 'the access token does not allow this', zh: '授权权限不足', advice: 'refresh' },
  40001: { en: 'a parameter is missing', zh: '缺少必选参数', advice: 'fix the request' },
  40002: { en: 'a parameter is wrong', zh: '非法的参数', advice: 'fix the request' },
  40003: { en: 'a condition for this call is not met', zh: '条件不满足', advice: 'fix the settings' },
  40004: { en: 'refused for a business reason', zh: '业务处理失败', advice: 'fix the request' },
  40005: { en: 'called too often; slow down', zh: '调用频次超限，请放慢', advice: 'wait' },
  40006: {
    en: 'the application lacks the permission; sign the product in the console',
    zh: '权限不足，请在控制台签约对应产品',
    advice: 'fix the settings',
  },
}

/** The gateway's own `sub_code`s, the same for every method. https://opendocs.alipay.com/common/02km9f */
const gateway: Readonly<Record<string, Meaning>> = {
  'isp.unknow-error': {
    en: "Alipay's business system failed; query, then send the same numbers again",
    zh: '业务系统异常，请先查询，再用相同参数重试',
    advice: 'retry',
    outcome: 'unknown',
  },
  'aop.unknow-error': {
    en: "Alipay's gateway failed; query, then send the same numbers again",
    zh: '网关异常，请先查询，再用相同参数重试',
    advice: 'retry',
    outcome: 'unknown',
  },
  'aop.invalid-auth-token': {
    en: "the user's access token is not valid",
    zh: '无效的访问令牌',
    advice: 'refresh',
  },
  'aop.auth-token-time-out': {
    en: "the user's access token has expired",
    zh: '访问令牌已过期',
    advice: 'refresh',
  },
  'aop.invalid-app-auth-token': {
    en: "the merchant's authorisation token is not valid",
    zh: '无效的应用授权令牌',
    advice: 'refresh',
  },
  'aop.app-auth-token-time-out': {
    en: "the merchant's authorisation token has expired",
    zh: '应用授权令牌已过期',
    advice: 'refresh',
  },
  'isv.invalid-signature': {
    en: 'Alipay could not verify the request: the private key does not match the application key in the console',
    zh: '验签出错：应用私钥与控制台中的应用公钥不匹配',
    advice: 'fix the settings',
  },
  'isv.missing-signature-config': {
    en: 'no application public key is set in the console',
    zh: '控制台未配置应用公钥',
    advice: 'fix the settings',
  },
  'isv.invalid-app-id': {
    en: 'the application id is not valid',
    zh: '无效的 AppID',
    advice: 'fix the settings',
  },
  'isv.invalid-timestamp': {
    en: 'the timestamp is not valid; check the clock of this machine',
    zh: '非法的时间戳，请检查服务器时间',
    advice: 'fix the settings',
  },
  'isv.invalid-parameter': { en: 'a parameter is wrong', zh: '参数无效', advice: 'fix the request' },
  'isv.code-invalid': {
    en: 'the login code is wrong, used before or expired',
    zh: '授权码无效、已使用或已过期',
    advice: 'ask the user',
  },
  'isv.invalid-auth-code': {
    en: 'the login code is wrong, used before or expired',
    zh: '授权码无效、已使用或已过期',
    advice: 'ask the user',
  },
  'isv.app-call-limited': {
    en: 'the application calls too often; slow down',
    zh: '应用调用次数超限',
    advice: 'wait',
  },
  'isv.method-call-limited': {
    en: 'this method is called too often; slow down',
    zh: 'API 调用次数超限',
    advice: 'wait',
  },
  'isv.insufficient-isv-permissions': {
    en: 'the application lacks the permission; sign the product in the console',
    zh: '应用权限不足，请签约对应产品',
    advice: 'fix the settings',
  },
  'isv.insufficient-user-permissions': {
    en: 'the user has not granted this',
    zh: '用户授权不足',
    advice: 'ask the user',
  },
  'isp.bill_not_exist': {
    en: 'there is no bill for that date',
    zh: '账单不存在',
    advice: 'fix the request',
    errCode: 'NO_STATEMENT_EXIST',
  },
}

/** Those of the payment methods. https://opendocs.alipay.com/open/4b7cc5db_alipay.trade.refund and its siblings */
const trade: Readonly<Record<string, Meaning>> = {
  'ACQ.SYSTEM_ERROR': {
    en: 'Alipay had a system error; query, then send the same numbers again',
    zh: '系统错误，请先查询，再用相同参数重试',
    advice: 'retry',
    outcome: 'unknown',
  },
  'ACQ.TRADE_NOT_EXIST': {
    en: 'Alipay knows no such order; one for an app exists only once the payer has opened the cashier',
    zh: '交易不存在；App 订单在用户打开收银台后才会创建',
    advice: 'fix the request',
  },
  'ACQ.TRADE_STATUS_ERROR': {
    en: "the order's state does not allow this",
    zh: '交易状态不合法',
    advice: 'fix the request',
  },
  'ACQ.REASON_TRADE_STATUS_INVALID': {
    en: "the order's state does not allow this",
    zh: '交易状态异常',
    advice: 'fix the request',
  },
  'ACQ.TRADE_HAS_SUCCESS': {
    en: 'the order is already paid',
    zh: '交易已被支付',
    advice: 'fix the request',
    errCode: 'ORDER_PAID',
  },
  'ACQ.TRADE_HAS_CLOSE': {
    en: 'the order is closed; make a new one',
    zh: '交易已关闭，请重新下单',
    advice: 'fix the request',
  },
  'ACQ.TRADE_HAS_FINISHED': {
    en: 'the order is finished and cannot be refunded any more',
    zh: '交易已完结，不可退款',
    advice: 'fix the request',
  },
  'ACQ.CONTEXT_INCONSISTENT': {
    en: 'this outTradeNo was used before with other parameters',
    zh: '同一商户订单号的参数前后不一致',
    advice: 'fix the request',
  },
  'ACQ.BUYER_SELLER_EQUAL': {
    en: 'the payer and the merchant are the same account',
    zh: '买卖家不能相同',
    advice: 'ask the user',
  },
  'ACQ.SELLER_BALANCE_NOT_ENOUGH': {
    en: "the merchant's balance is too small; top it up and send the same refund again",
    zh: '卖家余额不足，充值后用原退款单号重试',
    advice: 'wait',
  },
  'ACQ.REFUND_AMT_NOT_EQUAL_TOTAL': {
    en: 'the refund is larger than what is left of the payment',
    zh: '退款金额超限',
    advice: 'fix the request',
  },
  'ACQ.DISCORDANT_REPEAT_REQUEST': {
    en: 'this refund number was used before with another amount',
    zh: '同一退款单号的金额前后不一致',
    advice: 'fix the request',
  },
  'ACQ.REASON_TRADE_BEEN_FREEZEN': {
    en: 'the order is frozen',
    zh: '交易被冻结',
    advice: 'contact the provider',
  },
  'ACQ.REASON_TRADE_REFUND_FEE_ERR': {
    en: 'the refund amount is not possible for this order',
    zh: '退款金额无效',
    advice: 'fix the request',
  },
  'ACQ.TRADE_NOT_ALLOW_REFUND': {
    en: 'this order cannot be refunded',
    zh: '当前交易不允许退款',
    advice: 'fix the request',
  },
  'ACQ.TRADE_CANCEL_TIME_OUT': {
    en: 'the order is too old to be cancelled; refund it instead',
    zh: '超过撤销时间，请改用退款',
    advice: 'fix the request',
  },
  'ACQ.INVALID_PARAMETER': {
    en: 'a parameter is wrong; a user id stands where an open_id belongs, perhaps',
    zh: '参数无效，例如 user_id 与 open_id 混用',
    advice: 'fix the request',
  },
  'ACQ.ACCESS_FORBIDDEN': {
    en: 'the product is not signed for this application',
    zh: '无权限使用接口，请签约对应产品',
    advice: 'fix the settings',
  },
}

export const subCodes: Readonly<Record<string, Meaning>> = { ...gateway, ...trade }
