import { type ErrorMeanings, type OpenapiError, platformError } from '../errors/index.js'
import type { WeixinStatus } from './answer.js'

/** Codes that mean that the token, not the request, is at fault. */
export const DEAD_TOKEN: ReadonlySet<number> = new Set([40001, 40014, 42001])

/** WeChat's busy code: nothing was done. */
export const BUSY = -1

/**
 * A failure that WeChat reports: its number, its text (which ends with the request id its support asks for), what
 * the number means here, and what to do. The table of all numbers, which is long, loads when the first one comes.
 */
export async function failure(
  { errcode = BUSY, errmsg = '' }: WeixinStatus,
  meanings: ErrorMeanings = {},
): Promise<OpenapiError> {
  const { meaningOf } = await import('./errorTable.js')
  return platformError({
    errCode: errcode,
    source: 'WeChat said',
    text: errmsg,
    meaning: { ...meaningOf(errcode), ...meanings[errcode] },
    rid: /rid:\s*([0-9a-f-]+)/i.exec(errmsg)?.[1],
  })
}
