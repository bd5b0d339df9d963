import type { ErrorEntry } from '../entry.js'

/**
 * The table of errors: the platforms, what they send, and the receivers of our events. The platforms' own codes are data of each
 * provider and are raised by `platformError`.
 */

export const UPSTREAM_TIMEOUT = {
  errCode: 'UPSTREAM_TIMEOUT',
  en: '{host} did not answer in time; whether it acted is not known',
  docs: { en: 'the provider did not answer in time', zh: '平台未在时限内应答' },
  advice: 'retry',
  outcome: 'unknown',
  status: 504,
} as const satisfies ErrorEntry

/** Where the connection broke after it stood, or the answer is not whole, it is raised with the outcome `unknown`. */
export const UPSTREAM_UNREACHABLE = {
  errCode: 'UPSTREAM_UNREACHABLE',
  en: 'no answer from {host} ({reason})',
  docs: {
    en: 'the provider cannot be reached, so that nothing was sent; or its answer broke off, and the outcome is unknown',
    zh: '无法连接平台，请求没有发出；或应答中断，结果未知',
  },
  advice: 'retry',
  status: 502,
} as const satisfies ErrorEntry

/** The request is written after the handshake: nothing of it left. Raised with the advice to look at the settings. */
export const TLS_REFUSED = {
  errCode: 'UPSTREAM_UNREACHABLE',
  en: 'no secure connection to {host} ({reason}), nothing was sent: {hint}',
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

export const DECRYPTION_FAILED = {
  errCode: 'DECRYPTION_FAILED',
  en: 'encryptedData: cannot be opened with this login, is not of this application or is older than five minutes; log in again, then let the user press the button again',
  docs: {
    en: 'what is encrypted cannot be opened with this login or key, or is older than five minutes',
    zh: '加密数据无法用此登录态或密钥解开，或已超过五分钟',
  },
  advice: 'ask the user',
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
