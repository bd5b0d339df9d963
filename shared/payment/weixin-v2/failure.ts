import {
  type Meaning,
  type OpenapiError,
  openapiError,
  platformError,
  RETURN_FAIL,
  SIGNATURE_RETURN_FAIL,
} from '../../errors/index.js'
import type { FlatXml } from '../../xml/flatXml.js'
import { unverified } from '../weixin/call.js'

/**
 * V2's `err_code`s. Whatever may be sent again must be sent with the same numbers and amounts.
 * Source: the error tables of unifiedorder, orderquery, closeorder, refund and refundquery in
 * https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=9_1
 */
export const errCodes: Readonly<Record<string, Meaning>> = {
  SYSTEMERROR: {
    en: 'WeChat Pay had a system timeout; query, then send the same numbers again',
    zh: '系统超时，请先查询，再用相同参数重试',
    advice: 'retry',
    outcome: 'unknown',
  },
  BIZERR_NEED_RETRY: {
    en: 'refused because of concurrent requests; send the same refund number again',
    zh: '退款业务流程错误，请用原退款单号重试',
    advice: 'retry',
  },
  FREQUENCY_LIMITED: { en: 'too many requests; slow down', zh: '频率限制，请放慢', advice: 'wait' },
  INVALID_REQ_TOO_MUCH: {
    en: 'too many wrong requests; wait a minute',
    zh: '错误请求过多，一分钟后重试',
    advice: 'wait',
  },
  BANKERROR: {
    en: 'the bank had an error; query before anything else',
    zh: '银行系统异常，请先查询',
    advice: 'retry',
    outcome: 'unknown',
  },
  USERPAYING: { en: 'the payer is typing the password', zh: '用户支付中，需要输入密码', advice: 'wait' },
  NOTENOUGH: {
    en: "the merchant's balance is too small; top it up and send the same refund again",
    zh: '商户余额不足，充值后用原退款单号重试',
    advice: 'wait',
  },
  ORDERPAID: {
    en: 'the order is paid already',
    zh: '商户订单已支付',
    advice: 'fix the request',
    errCode: 'ORDER_PAID',
  },
  ORDERCLOSED: {
    en: 'the order is closed; use a new outTradeNo',
    zh: '订单已关闭，请使用新的商户订单号',
    advice: 'fix the request',
  },
  NO_BILL_EXIST: {
    en: 'there is no bill for that day',
    zh: '账单文件不存在',
    advice: 'fix the request',
    errCode: 'NO_STATEMENT_EXIST',
  },
  ORDERNOTEXIST: { en: 'there is no such order', zh: '此交易订单号不存在', advice: 'fix the request' },
  OUT_TRADE_NO_USED: {
    en: 'outTradeNo was used before with other parameters',
    zh: '商户订单号重复',
    advice: 'fix the request',
  },
  REFUNDNOTEXIST: { en: 'there is no such refund', zh: '退款订单查询失败', advice: 'fix the request' },
  TRADE_OVERDUE: {
    en: 'the payment is more than a year old',
    zh: '订单已超过可退款期限',
    advice: 'fix the request',
  },
  TRADE_STATE_ERROR: {
    en: 'the state of the order does not allow this',
    zh: '订单状态错误',
    advice: 'fix the request',
  },
  USER_ACCOUNT_ABNORMAL: {
    en: 'the account of the payer is gone; refund by other means',
    zh: '退款请求失败，用户账户注销',
    advice: 'ask the user',
  },
  REFUND_FEE_MISMATCH: {
    en: 'the amounts differ from an earlier request with this refund number',
    zh: '订单金额或退款金额与之前请求不一致',
    advice: 'fix the request',
  },
  ORDER_NOT_READY: { en: 'the order is still being settled', zh: '订单处理中，请稍后重试', advice: 'wait' },
  ERROR: { en: 'refused for a business reason', zh: '业务错误', advice: 'fix the request' },
  INVALID_TRANSACTIONID: {
    en: 'the transactionId is wrong',
    zh: '无效的微信支付订单号',
    advice: 'fix the request',
  },
  INVALID_REQUEST: {
    en: 'the parameters break a rule, such as an order number sent again with other parameters',
    zh: '参数错误或订单号重复',
    advice: 'fix the request',
  },
  PARAM_ERROR: { en: 'a parameter is wrong', zh: '参数错误', advice: 'fix the request' },
  LACK_PARAMS: { en: 'a parameter is missing', zh: '缺少参数', advice: 'fix the request' },
  APPID_NOT_EXIST: { en: 'the app id is unknown', zh: 'APPID 不存在', advice: 'fix the settings' },
  MCHID_NOT_EXIST: { en: 'the merchant id is unknown', zh: 'MCHID 不存在', advice: 'fix the settings' },
  APPID_MCHID_NOT_MATCH: {
    en: 'the application is not bound to the merchant; bind it in the merchant console',
    zh: 'appid 和 mch_id 不匹配，请在商户平台绑定',
    advice: 'fix the settings',
  },
  NOAUTH: { en: 'the merchant may not use this API', zh: '商户无此接口权限', advice: 'fix the settings' },
  NO_AUTH: { en: 'the merchant may not use this API', zh: '商户无此接口权限', advice: 'fix the settings' },
  SIGNERROR: {
    en: 'WeChat Pay could not verify our signature: check WEIXIN_PAY_KEY and WEIXIN_PAY_SIGN_TYPE',
    zh: '签名错误，请检查 API 密钥与签名类型',
    advice: 'fix the settings',
  },
  CERT_ERROR: { en: 'the client certificate was refused', zh: '证书校验错误', advice: 'fix the settings' },
  XML_FORMAT_ERROR: { en: 'the XML was refused', zh: 'XML 格式错误', advice: 'contact the provider' },
  REQUIRE_POST_METHOD: { en: 'POST is wanted', zh: '请使用 post 方法', advice: 'contact the provider' },
  POST_DATA_EMPTY: { en: 'the body arrived empty', zh: 'post 数据为空', advice: 'contact the provider' },
  NOT_UTF8: { en: 'the body was not UTF-8', zh: '编码格式错误', advice: 'contact the provider' },
}

/** Such answers are unsigned: they count as far as 'this did not work', and where money moves not even so far. */
export const communicationFailed = (text: string, outcome: OpenapiError['outcome']): OpenapiError =>
  openapiError(/^签名/.test(text) ? SIGNATURE_RETURN_FAIL : RETURN_FAIL, { text }, { outcome })

/** WeChat's own code for what is wrong with the request, or with the order. */
export function businessFailed(fields: FlatXml): OpenapiError {
  const errCode = fields.get('err_code')
  const words = wordsOf(fields)
  if (fields.get('result_code') !== 'FAIL' || !errCode) {
    return unverified('an answer without a result', { words })
  }
  return failed(errCode, words)
}

/** Where V2 puts its sentences. Some answers spell `return_msg` in the other way; both are about the request. */
const SENTENCES = ['return_msg', 'retmsg', 'err_code_des'] as const

/** All that an answer says in words, each sentence once. `OK` says nothing. */
export function wordsOf(fields: FlatXml): string {
  const said = SENTENCES.map((name) => fields.get(name)?.trim() ?? '')
  return [...new Set(said)].filter((text) => text !== '' && text !== 'OK').join('; ')
}

/** A failure by WeChat's code, and what WeChat has to say about it. */
export const failed = (
  errCode: string,
  text: string,
  meaning: Partial<Meaning> = meaningOf(errCode),
): OpenapiError => platformError({ errCode, source: 'WeChat Pay said', text, meaning })

const meaningOf = (errCode: string): Partial<Meaning> =>
  (Object.hasOwn(errCodes, errCode) ? errCodes[errCode] : undefined) ?? {}
