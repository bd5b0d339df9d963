import type { Meaning } from '../../shared/operation/index.js'

/**
 * What the codes that are not a provider's say in general; the error itself says more. Those about orders are in
 * shared/payment/failures.ts.
 */
export const ownCodes = {
  INVALID_PARAM: {
    en: 'a field of the call is missing or wrong; `errMsg` begins with its name',
    zh: '调用参数缺失或错误，`errMsg` 以参数名开头',
    advice: 'fix the request',
  },
  FORBIDDEN: {
    en: 'this caller may not do this; call it from your own cloud function',
    zh: '此调用者无权执行，请在您自己的云函数中调用',
    advice: 'fix the request',
  },
  LOGIN_REQUIRED: {
    en: 'no valid `sessionToken` or `code`; log in again with authCode2Session',
    zh: '没有有效的 `sessionToken` 或 `code`，请用 authCode2Session 重新登录',
    advice: 'ask the user',
  },
  TOO_MANY_REQUESTS: {
    en: 'this caller has used up its calls for now',
    zh: '此调用者的调用次数暂时用完',
    advice: 'wait',
  },
  MISSING_SETTING: {
    en: 'a setting is not set; the error says what it looks like and where to find it',
    zh: '缺少配置，错误中说明了它的形式和获取位置',
    advice: 'fix the settings',
  },
  INVALID_SETTING: {
    en: 'a setting is malformed; the error says what it should look like',
    zh: '配置格式不正确，错误中说明了应有的形式',
    advice: 'fix the settings',
  },
  UNKNOWN_APP: {
    en: 'the application is not one of those in the settings; add it to WEIXIN_APPS or ALIPAY_APPS',
    zh: '配置中没有此应用，请加入 WEIXIN_APPS 或 ALIPAY_APPS',
    advice: 'fix the settings',
  },
  NO_PLATFORM_KEY: {
    en: 'there is no key to verify WeChat Pay with; set the WeChat Pay public key, or run certificateRefresh',
    zh: '没有可验证微信支付的密钥，请配置微信支付公钥，或运行 certificateRefresh',
    advice: 'fix the settings',
  },
  CERTIFICATE_REFUSED: {
    en: 'a platform certificate of WeChat Pay is not to be trusted',
    zh: '微信支付平台证书不可信',
    advice: 'fix the settings',
  },
  DECRYPTION_FAILED: {
    en: 'what is encrypted cannot be opened with this login or key, or is older than five minutes',
    zh: '加密数据无法用此登录态或密钥解开，或已超过五分钟',
    advice: 'ask the user',
  },
  NOTICE_REFUSED: {
    en: 'a callback was not verified; the log says why, see the coroner',
    zh: '回调验签不通过，原因见日志与验签诊断',
    advice: 'fix the request',
  },
  OTHER_NOTICE: {
    en: 'the notice is of the other kind: a payment where a refund was expected, or the other way round',
    zh: '通知类型不符：应为退款却是支付，或相反',
    advice: 'fix the request',
  },
  MESSAGE_REFUSED: {
    en: 'a pushed message was not verified',
    zh: '消息推送验签不通过',
    advice: 'fix the request',
  },
  UNVERIFIED_ANSWER: {
    en: 'the signature of an answer is not right, so nobody knows what happened; the log says why',
    zh: '应答验签不通过，结果未知，原因见日志',
    advice: 'retry',
    outcome: 'unknown',
  },
  UPSTREAM_TIMEOUT: {
    en: 'the provider did not answer in time',
    zh: '平台未在时限内应答',
    advice: 'retry',
    outcome: 'unknown',
  },
  UPSTREAM_UNREACHABLE: {
    en: 'the provider cannot be reached; nothing was sent',
    zh: '无法连接平台，请求没有发出',
    advice: 'retry',
  },
  UPSTREAM_INVALID: {
    en: 'what came back is no answer of the provider; something in between may have answered',
    zh: '收到的不是平台的应答，可能由中间设备返回',
    advice: 'retry',
    outcome: 'unknown',
  },
  RETURN_FAIL: {
    en: 'WeChat Pay V2 refused the request as a whole; `errMsg` has its words',
    zh: '微信支付 V2 拒绝了整个请求，`errMsg` 为其原文',
    advice: 'fix the settings',
  },
  BILL_REFUSED: {
    en: 'the file of a bill is damaged or not the one announced',
    zh: '账单文件损坏或与声明不符',
    advice: 'retry',
  },
  CANCEL_UNFINISHED: {
    en: 'Alipay has not finished cancelling; query the order, then cancel again',
    zh: '支付宝尚未完成撤销，请先查询订单，再次撤销',
    advice: 'retry',
    outcome: 'unknown',
  },
  TRANSACTION_TAKEN: {
    en: 'another order was paid with this transaction already',
    zh: '此交易已用于另一笔订单',
    advice: 'contact the provider',
  },
  EVENT_NOT_DELIVERED: {
    en: 'the event target did not take an event; it comes again',
    zh: '事件接收方没有接受事件，之后会重发',
    advice: 'retry',
  },
  FUNCTION_NOT_CALLED: {
    en: 'the function that EVENT_TARGET names could not be called; the event comes again',
    zh: '无法调用 EVENT_TARGET 指定的函数，之后会重发',
    advice: 'retry',
  },
  TOKEN_BUDGET: {
    en: 'WeChat refuses its own current token, and new ones cannot be forced any more for now',
    zh: '微信拒绝了自己当前的 token，且强制刷新次数已用完',
    advice: 'wait',
  },
  TOKEN_HUB_REFUSED: {
    en: 'the token hub did not accept the request: key, clock or list of applications',
    zh: 'token 中控拒绝了请求：请检查密钥、时钟或应用列表',
    advice: 'fix the settings',
  },
  STORE_UNAVAILABLE: {
    en: 'the database did not answer; nothing was half-done',
    zh: '数据库没有应答，没有留下半成的操作',
    advice: 'retry',
  },
  STORE_IN_USE: {
    en: 'another process has the embedded store open',
    zh: '另一个进程正在使用内嵌数据库',
    advice: 'fix the settings',
  },
  TIMEOUT: {
    en: 'no result within the time this function has; whether it took effect is not known',
    zh: '函数在时限内没有得到结果，是否生效未知',
    advice: 'retry',
    outcome: 'unknown',
  },
  SYSTEM_ERROR: {
    en: 'something unforeseen; the log line with this `requestId` has the cause',
    zh: '意外错误，原因见此 `requestId` 的日志',
    advice: 'retry',
    outcome: 'unknown',
  },
} as const satisfies Record<string, Meaning>
