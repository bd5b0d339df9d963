import type { ErrorEntry } from './entry.js'

/**
 * The table of errors, second part: the platforms, what they send, tokens, and the receiver of our events. The
 * platforms' own codes are data of each provider and are raised by `platformError`.
 */

export const UPSTREAM_TIMEOUT = {
  errCode: 'UPSTREAM_TIMEOUT',
  en: '{host} did not answer in time; whether it acted is not known',
  docs: { en: 'the provider did not answer in time', zh: '平台未在时限内应答' },
  advice: 'retry',
  outcome: 'unknown',
  status: 504,
} as const satisfies ErrorEntry

/** Where the connection broke after it stood, it is raised with the outcome `unknown`. */
export const UPSTREAM_UNREACHABLE = {
  errCode: 'UPSTREAM_UNREACHABLE',
  en: 'no answer from {host} ({reason})',
  docs: { en: 'the provider cannot be reached; nothing was sent', zh: '无法连接平台，请求没有发出' },
  advice: 'retry',
  status: 502,
} as const satisfies ErrorEntry

export const UPSTREAM_INVALID = {
  errCode: 'UPSTREAM_INVALID',
  en: '{platform} answered with {what}; something between here and {platform} may have answered in its place',
  docs: {
    en: 'what came back is no answer of the provider; something in between may have answered',
    zh: '收到的不是平台的应答，可能由中间设备返回',
  },
  advice: 'retry',
  outcome: 'unknown',
  status: 502,
} as const satisfies ErrorEntry

/** Reading a token changes nothing, so nothing is left open. */
export const NO_TOKEN_FROM_HUB = {
  errCode: 'UPSTREAM_INVALID',
  en: 'the address of the token hub answered HTTP {status} and no token; check WEIXIN_TOKEN_HUB_URL',
  advice: 'retry',
  outcome: 'failed',
  status: 502,
} as const satisfies ErrorEntry

/** Whoever could change the answer could also have let the request pass. */
export const UNVERIFIED_ANSWER = {
  errCode: 'UNVERIFIED_ANSWER',
  en: '{platform} gave {what}; whether it acted is not known. Query before sending anything {again}',
  docs: {
    en: 'the signature of an answer is not right, so nobody knows what happened; the log says why',
    zh: '应答验签不通过，结果未知，原因见日志',
  },
  advice: 'retry',
  outcome: 'unknown',
  status: 502,
} as const satisfies ErrorEntry

export const RETURN_FAIL = {
  errCode: 'RETURN_FAIL',
  en: 'WeChat Pay refused the request itself and said: {text}',
  docs: {
    en: 'WeChat Pay V2 refused the request as a whole; `errMsg` has its words',
    zh: '微信支付 V2 拒绝了整个请求，`errMsg` 为其原文',
  },
  advice: 'fix the settings',
  status: 502,
} as const satisfies ErrorEntry

/** WeChat Pay refuses a signature it cannot verify in this way more often than by its SIGNERROR. */
export const SIGNATURE_RETURN_FAIL = {
  errCode: 'RETURN_FAIL',
  en: 'WeChat Pay refused the request itself and said: {text}; check WEIXIN_PAY_KEY and WEIXIN_PAY_SIGN_TYPE',
  advice: 'fix the settings',
  status: 502,
} as const satisfies ErrorEntry

export const NO_SANDBOX_KEY = {
  errCode: 'RETURN_FAIL',
  en: 'WeChat Pay gave no key for its sandbox and said: {text}',
  advice: 'fix the settings',
  status: 502,
} as const satisfies ErrorEntry

export const NO_PLATFORM_KEY = {
  errCode: 'NO_PLATFORM_KEY',
  en: 'there is no key to verify WeChat Pay with: set WEIXIN_PAY_PUBLIC_KEY_ID and WEIXIN_PAY_PUBLIC_KEY, which new merchants download from the console, or run certificateRefresh; a failed download is repeated after a minute',
  docs: {
    en: 'there is no key to verify WeChat Pay with; set the WeChat Pay public key, or run certificateRefresh',
    zh: '没有可验证微信支付的密钥，请配置微信支付公钥，或运行 certificateRefresh',
  },
  advice: 'fix the settings',
  status: 502,
} as const satisfies ErrorEntry

export const CERTIFICATE_REFUSED = {
  errCode: 'CERTIFICATE_REFUSED',
  en: 'a platform certificate of WeChat Pay {why}',
  docs: { en: 'a platform certificate of WeChat Pay is not to be trusted', zh: '微信支付平台证书不可信' },
  advice: 'fix the settings',
  status: 502,
} as const satisfies ErrorEntry

export const DECRYPTION_FAILED = {
  errCode: 'DECRYPTION_FAILED',
  en: 'encryptedData: cannot be opened with this login, is not of this application or is older than five minutes; log in again, then let the user press the button again',
  docs: {
    en: 'what is encrypted cannot be opened with this login or key, or is older than five minutes',
    zh: '加密数据无法用此登录态或密钥解开，或已超过五分钟',
  },
  advice: 'ask the user',
} as const satisfies ErrorEntry

export const ALIPAY_DECRYPTION_FAILED = {
  errCode: 'DECRYPTION_FAILED',
  en: 'response: not signed by Alipay for this application, or cannot be opened with ALIPAY_AES_KEY; let the user press the button again, then check the keys in the console',
  advice: 'ask the user',
} as const satisfies ErrorEntry

export const ALIPAY_KEY_UNREADABLE = {
  errCode: 'INVALID_SETTING',
  en: 'the {what} of Alipay application {appId} cannot be read: expected PEM or its base64',
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry

export const ALIPAY_KEY_MISSING = {
  errCode: 'MISSING_SETTING',
  en: 'Alipay application {appId} has no {what}: set {settings}, or its like in ALIPAY_APPS',
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry

/** WeChat's own code for an API that it has withdrawn; nothing is sent to it any more. */
export const API_WITHDRAWN = {
  errCode: 45109,
  en: '{api}: {instead}',
  status: 410,
} as const satisfies ErrorEntry

export const MESSAGE_REFUSED = {
  errCode: 'MESSAGE_REFUSED',
  en: 'not accepted',
  docs: { en: 'a pushed message was not verified', zh: '消息推送验签不通过' },
  status: 403,
} as const satisfies ErrorEntry

export const TOKEN_TIMEOUT = {
  errCode: 'TOKEN_TIMEOUT',
  en: 'no access token came in the time this call had left; try again',
  docs: { zh: '此调用的剩余时间内没有取得 access_token，请重试' },
  advice: 'retry',
  status: 504,
} as const satisfies ErrorEntry

/** The provider refuses the very token it keeps giving, and no forced fetch is left to make it give another. */
export const TOKEN_BUDGET = {
  errCode: 'TOKEN_BUDGET',
  en: 'the provider refuses its own current access token, and forcing a new one is allowed 20 times a day, 30 s apart; wait',
  docs: {
    en: 'WeChat refuses its own current token, and new ones cannot be forced any more for now',
    zh: '微信拒绝了自己当前的 token，且强制刷新次数已用完',
  },
  advice: 'wait',
  status: 503,
} as const satisfies ErrorEntry

/** As the hub says it to who asks for a token. */
export const TOKEN_HUB_REFUSED = {
  errCode: 'TOKEN_HUB_REFUSED',
  en: '{why}',
  docs: {
    en: 'the token hub did not accept the request: key, clock or list of applications',
    zh: 'token 中控拒绝了请求：请检查密钥、时钟或应用列表',
  },
  advice: 'fix the settings',
  status: 401,
} as const satisfies ErrorEntry

/** As it reaches who called us, the reader of the hub. */
export const REFUSED_BY_TOKEN_HUB = {
  errCode: 'TOKEN_HUB_REFUSED',
  en: 'the token hub: {why}',
  advice: 'fix the settings',
  status: 502,
} as const satisfies ErrorEntry

export const EVENT_NOT_DELIVERED = {
  errCode: 'EVENT_NOT_DELIVERED',
  en: 'the event target {problem}',
  docs: {
    en: 'the event target did not take an event; it comes again',
    zh: '事件接收方没有接受事件，之后会重发',
  },
  advice: 'retry',
  status: 502,
} as const satisfies ErrorEntry

export const FUNCTION_NOT_CALLED = {
  errCode: 'FUNCTION_NOT_CALLED',
  en: 'the call of function {target} {problem}',
  docs: {
    en: 'the function that EVENT_TARGET names could not be called; the event comes again',
    zh: '无法调用 EVENT_TARGET 指定的函数，之后会重发',
  },
  advice: 'retry',
  status: 502,
} as const satisfies ErrorEntry
