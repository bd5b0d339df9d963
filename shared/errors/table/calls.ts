import type { ErrorEntry } from '../entry.js'

/** The table of errors: who calls and how, the settings, and what was not foreseen. */

export const INVALID_PARAM = {
  errCode: 'INVALID_PARAM',
  en: '{field}: {problem}',
  docs: {
    en: 'a field of the call is missing or wrong; `errMsg` begins with its name',
    zh: '调用参数缺失或错误，`errMsg` 以参数名开头',
  },
} as const satisfies ErrorEntry

export const FORBIDDEN = {
  errCode: 'FORBIDDEN',
  en: '{function} cannot be called {how}; call it from your own cloud function',
  docs: {
    en: 'this caller may not do this; call it from your own cloud function',
    zh: '此调用者无权执行，请在您自己的云函数中调用',
  },
  status: 403,
} as const satisfies ErrorEntry

export const NO_PROVIDER_CALL = {
  errCode: 'FORBIDDEN',
  en: "{function} only answers the provider's own URL calls",
  status: 403,
} as const satisfies ErrorEntry

export const NO_CALL_BY_URL = {
  errCode: 'FORBIDDEN',
  en: 'only {caller} calls this, by URL',
  status: 403,
} as const satisfies ErrorEntry

export const CLIENT_HTTP_OFF = {
  errCode: 'FORBIDDEN',
  en: 'this function does not answer URL calls; set CLIENT_HTTP=on to let clients call it by URL',
  status: 403,
} as const satisfies ErrorEntry

export const ORIGIN_NOT_LISTED = {
  errCode: 'FORBIDDEN',
  en: 'pages of {origin} may not call this function; CLIENT_ORIGINS lists those that may',
  status: 403,
} as const satisfies ErrorEntry

export const POST_EXPECTED = {
  errCode: 'FORBIDDEN',
  en: 'call this function with POST and a JSON body',
  status: 403,
} as const satisfies ErrorEntry

export const REQUEST_BROKEN_OFF = {
  errCode: 'REQUEST_BROKEN_OFF',
  en: 'the body of the call broke off before its end; send it again',
  docs: { en: 'the body of a call by URL broke off before its end', zh: 'URL 调用的请求体在结束前中断' },
  advice: 'retry',
} as const satisfies ErrorEntry

export const REQUEST_TIMEOUT = {
  errCode: 'REQUEST_TIMEOUT',
  en: 'the body of the call did not come to its end in time; send it again',
  docs: { en: 'the body of a call by URL had no end in time', zh: 'URL 调用的请求体未在时限内结束' },
  advice: 'retry',
  status: 408,
} as const satisfies ErrorEntry

export const LOGIN_REQUIRED = {
  errCode: 'LOGIN_REQUIRED',
  en: 'sessionToken: required, log in with authCode2Session and send the sessionToken it answers, or send a fresh code',
  docs: {
    en: 'no valid `sessionToken` or `code`; log in again with authCode2Session',
    zh: '没有有效的 `sessionToken` 或 `code`，请用 authCode2Session 重新登录',
  },
  advice: 'ask the user',
  status: 401,
} as const satisfies ErrorEntry

export const TOO_MANY_REQUESTS = {
  errCode: 'TOO_MANY_REQUESTS',
  en: 'too many {things}; {again} has room again',
  docs: { en: 'this caller has used up its calls for now', zh: '此调用者的调用次数暂时用完' },
  advice: 'wait',
  status: 429,
} as const satisfies ErrorEntry

export const MISSING_SETTING = {
  errCode: 'MISSING_SETTING',
  en: '{name} is not set. Looked in: {sources}. It looks like: {example}. You find it at: {where}.',
  docs: {
    en: 'a setting is not set; the error says what it looks like and where to find it',
    zh: '缺少配置，错误中说明了它的形式和获取位置',
  },
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry

export const INVALID_SETTING = {
  errCode: 'INVALID_SETTING',
  en: '{name}: {problem}. It should look like: {example}. You find it at: {where}.',
  docs: {
    en: 'a setting is malformed; the error says what it should look like',
    zh: '配置格式不正确，错误中说明了应有的形式',
  },
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry

export const UNKNOWN_APP = {
  errCode: 'UNKNOWN_APP',
  en: 'appid: not one of the applications in the settings; add it to {setting}',
  docs: {
    en: 'the application is not one of those in the settings; add it to WEIXIN_APPS or ALIPAY_APPS',
    zh: '配置中没有此应用，请加入 WEIXIN_APPS 或 ALIPAY_APPS',
  },
  advice: 'fix the settings',
} as const satisfies ErrorEntry

export const STORE_UNAVAILABLE = {
  errCode: 'STORE_UNAVAILABLE',
  en: 'the database did not answer; try again, and check MONGODB_URI and the network if it goes on',
  docs: {
    en: 'the database did not answer; nothing was half-done',
    zh: '数据库没有应答，没有留下半成的操作',
  },
  advice: 'retry',
  status: 503,
} as const satisfies ErrorEntry

export const TIMEOUT = {
  errCode: 'TIMEOUT',
  en: 'no result within the time this function has; whether it took effect is not known',
  docs: { zh: '函数在时限内没有得到结果，是否生效未知' },
  advice: 'retry',
  outcome: 'unknown',
  status: 504,
} as const satisfies ErrorEntry

export const SYSTEM_ERROR = {
  errCode: 'SYSTEM_ERROR',
  en: 'unexpected failure; the log line with this requestId has the cause',
  docs: {
    en: 'something unforeseen; the log line with this `requestId` has the cause',
    zh: '意外错误，原因见此 `requestId` 的日志',
  },
  advice: 'retry',
  outcome: 'unknown',
  status: 500,
} as const satisfies ErrorEntry

export const UNFORESEEN_IN_LIBRARY = {
  errCode: 'SYSTEM_ERROR',
  en: 'unexpected failure; the cause of this error says more',
  advice: 'retry',
  outcome: 'unknown',
  status: 500,
} as const satisfies ErrorEntry

export const NO_DATABASE = {
  errCode: 'MISSING_SETTING',
  en: 'MONGODB_URI is not set and there is no uniCloud database here. Tokens, orders and sessions need one of them: set MONGODB_URI to something like mongodb://user:password@host:27017/database.',
  advice: 'fix the settings',
  status: 500,
} as const satisfies ErrorEntry

/** Of one's own server, where paths lead to functions. */
export const FUNCTION_NOT_FOUND = {
  errCode: 'FUNCTION_NOT_FOUND',
  en: 'no function has this path; it is the name of the function, below basePath where one is set',
  docs: { zh: '没有函数对应此路径：路径为函数名，设置了 basePath 时位于其下' },
  advice: 'fix the request',
  status: 404,
} as const satisfies ErrorEntry
