import { type OpenapiError, openapiError, platformError, UPSTREAM_INVALID } from '../errors/index.js'
import type { ErrorMeanings } from '../operation/index.js'
import { codes, subCodes } from './errCodes.js'

/** Alipay may have acted all the same. */
export const notAnAnswer = (what: string, rid: string | undefined): OpenapiError =>
  openapiError(UPSTREAM_INVALID, { platform: 'Alipay', what }, { rid })

export interface Refused {
  /** The fields of Alipay's answer, in the names of the wire. */
  fields: Readonly<Record<string, unknown>>
  /** What the codes mean for this method, where that differs from the common table. */
  errors?: ErrorMeanings
  /** False for unsigned refusals, which anybody can make up: they are passed on, but prove nothing. */
  isVerified: boolean
  traceId?: string
}

/** Characters. Alipay's sentences are short; what follows them is not for people. */
const MAX_TEXT = 500

/** Alipay repeats the request it could not verify, tokens and all. */
const ECHO = /[，,]?\s*(网关生成的验签字符串|建议检查签名字符串)[\s\S]*$/

/**
 * A failure as Alipay reports it: its `sub_code`, or its `code` where there is none, what that means and what to do.
 * `AOP.ACQ.` and `ACQ.` are two spellings of the same.
 */
export function failure({ fields, errors = {}, isVerified, traceId }: Refused): OpenapiError {
  const field = (name: string) => (typeof fields[name] === 'string' ? (fields[name] as string) : undefined)
  const code = field('code') ?? ''
  const subCode = field('sub_code')?.replace(/^AOP\./, '')
  return platformError({
    errCode: subCode || code || 'UPSTREAM_INVALID',
    source: isVerified ? 'Alipay said' : 'Alipay said, unsigned',
    text: (field('sub_msg') ?? field('msg') ?? '').slice(0, MAX_TEXT).replace(ECHO, ''),
    meaning: { ...codes[code], ...subCodes[subCode ?? ''], ...errors[subCode ?? code] },
    outcome: isVerified ? 'failed' : 'unknown',
    rid: traceId,
  })
}
