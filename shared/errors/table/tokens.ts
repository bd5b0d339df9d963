import type { ErrorEntry } from '../entry.js'

/** The table of errors: access tokens and the hub that shares them. */

export const UNSIGNED_TOKEN_CALL = {
  errCode: 'FORBIDDEN',
  en: 'only a signed URL call reads a token',
  status: 403,
} as const satisfies ErrorEntry

export const TOKEN_NOT_SHARED = {
  errCode: 'FORBIDDEN',
  en: 'appId: not one of those that TOKEN_HUB_APPS names',
  status: 403,
} as const satisfies ErrorEntry

/** Reading a token changes nothing, so nothing is left open. */
export const NO_TOKEN_FROM_HUB = {
  errCode: 'UPSTREAM_INVALID',
  en: 'the address of the token hub answered HTTP {status} and no token; check WEIXIN_TOKEN_HUB_URL',
  advice: 'retry',
  outcome: 'failed',
  status: 502,
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
