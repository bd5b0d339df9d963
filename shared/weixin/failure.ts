import { OpenapiError } from '../errors/index.js'
import type { ErrorMeanings } from '../operation/index.js'
import type { Said } from './answer.js'
import { meaningOf } from './errorTable.js'

/** Codes that say the token, not the request, is at fault. */
export const DEAD_TOKEN: ReadonlySet<number> = new Set([40001, 40014, 42001])

/** WeChat's busy code: nothing was done. */
export const BUSY = -1

/**
 * A failure as WeChat told it: its number, its text (which ends with the request id its support asks for), what
 * the number means here, and what to do.
 */
export function failure(said: Said, meanings: ErrorMeanings = {}): OpenapiError {
  const errCode = said.errcode ?? BUSY
  const errmsg = said.errmsg ?? ''
  const meaning = { ...meaningOf(errCode), ...meanings[errCode] }
  const rid = /rid:\s*([0-9a-f-]+)/i.exec(errmsg)?.[1]
  return new OpenapiError({
    errCode,
    errMsg: meaning.en ? `${meaning.en} (${meaning.zh}); WeChat said: ${errmsg}` : `WeChat said: ${errmsg}`,
    advice: meaning.advice ?? 'fix the request',
    status: 502,
    ...(rid === undefined ? {} : { rid }),
  })
}
