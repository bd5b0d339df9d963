import { type OpenapiError, openapiError, platformError, UPSTREAM_INVALID } from '../errors/index.js'
import type { ErrorMeanings } from '../operation/index.js'
import { codes, subCodes } from './errCodes.js'

/** Alipay may have acted all the same. */
export const notAnAnswer = (what: string, rid: string | undefined, words?: string): OpenapiError =>
  openapiError(UPSTREAM_INVALID, { platform: 'Alipay', what }, { rid, words })

export interface Refused {
  /** The fields of Alipay's answer, in the names of the wire. */
  fields: Readonly<Record<string, unknown>>
  /** What the codes mean for this method, where that differs from the common table. */
  errors?: ErrorMeanings
  /** False for unsigned refusals, which anybody can make up: they are passed on, but prove nothing. */
  isVerified: boolean
  traceId?: string
}

/** Characters. Alipay's sentences are short; what follows them helps the merchant alone. */
const MAX_TEXT = 500

/** Alipay repeats the request it could not verify: only the merchant's servers get to see that. */
const ECHO = /[，,]?\s*(网关生成的验签字符串|建议检查签名字符串)[\s\S]*$/

/** What can be used in a user's or a merchant's name, in the request that is repeated: also as HTML entities write it. */
const CREDENTIAL = /((?:^|[&;：:?\s])(?:app_auth_token|auth_token|refresh_token|code|sign)=)[^&\s]*/g

/**
 * A failure as Alipay reports it: its `sub_code`, or its `code` where there is none, what that means and what to do.
 * `AOP.ACQ.` and `ACQ.` are two spellings of the same.
 */
export function failure({ fields, errors = {}, isVerified, traceId }: Refused): OpenapiError {
  const field = (name: string) => (typeof fields[name] === 'string' ? (fields[name] as string) : undefined)
  const code = field('code') ?? ''
  const said = field('sub_msg') || field('msg') || ''
  const subCode = field('sub_code')?.replace(/^AOP\./, '')
  return platformError({
    errCode: subCode || code || 'UPSTREAM_INVALID',
    source: isVerified ? 'Alipay said' : 'Alipay said, unsigned',
    text: said.slice(0, MAX_TEXT).replace(ECHO, ''),
    words: said.replace(CREDENTIAL, '$1***'),
    meaning: { ...codes[code], ...subCodes[subCode ?? ''], ...errors[subCode ?? code] },
    outcome: isVerified ? 'failed' : 'unknown',
    rid: traceId,
  })
}
