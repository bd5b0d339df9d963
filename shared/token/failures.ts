import { OpenapiError } from '../errors/index.js'

const OUT_OF_TIME = 'TOKEN_TIMEOUT'

/** The call ended before a token came. */
export const outOfTime = (): OpenapiError =>
  new OpenapiError({
    errCode: OUT_OF_TIME,
    errMsg: 'no access token came in the time this call had left; try again',
    advice: 'retry',
    status: 504,
  })

/** The provider refuses the very token it keeps giving, and no forced fetch is left to make it give another. */
export const forcedUsedUp = (): OpenapiError =>
  new OpenapiError({
    errCode: 'TOKEN_BUDGET',
    errMsg:
      'the provider refuses its own current access token, and forcing a new one is allowed 20 times a day, 30 s apart; wait',
    advice: 'wait',
    status: 503,
  })

export const isOutOfTime = (error: unknown): boolean => hasCode(error, OUT_OF_TIME)

export const isStoreDown = (error: unknown): boolean => hasCode(error, 'STORE_UNAVAILABLE')

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof OpenapiError && error.errCode === code
