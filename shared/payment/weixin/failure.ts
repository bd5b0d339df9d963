import { type Advice, OpenapiError } from '../../errors/index.js'
import type { HttpAnswer } from '../../http/http.js'

/** V3's number of a call, for WeChat Pay's support. */
export const rid = (answer?: HttpAnswer) => {
  const id = answer?.headers['request-id']
  return id === undefined ? {} : { rid: id }
}

/**
 * An answer nobody vouches for. WeChat Pay may have acted all the same, whatever the answer claims: who could write
 * it could also have let the request pass.
 */
export function unverified(
  what: string,
  { answer, advice = 'retry', cause }: { answer?: HttpAnswer; advice?: Advice; cause?: unknown } = {},
): OpenapiError {
  return new OpenapiError({
    errCode: 'UNVERIFIED_ANSWER',
    errMsg: `WeChat Pay gave ${what}; whether it acted is not known. Query before sending anything new`,
    advice,
    outcome: 'unknown',
    status: 502,
    cause,
    ...rid(answer),
  })
}
