import { OpenapiError } from '../errors/index.js'
import type { ErrorMeanings } from '../operation/index.js'
import { codes, subCodes } from './errorTable.js'

export interface Refused {
  /** The fields of Alipay's answer, in the names of the wire. */
  fields: Readonly<Record<string, unknown>>
  /** What the codes mean for this method, where that differs from the common table. */
  errors?: ErrorMeanings
  /** Unsigned refusals may be anybody's: they are passed on, but prove nothing. */
  isBelieved: boolean
  traceId?: string
}

/** Characters. Alipay's sentences are short; what follows them is not for people. */
const MAX_TEXT = 500

/** Alipay repeats the request it could not verify, tokens and all. */
const ECHO = /[，,]?\s*(网关生成的验签字符串|建议检查签名字符串)[\s\S]*$/

/**
 * A failure as Alipay told it: its `sub_code`, or its `code` where there is none, what that means and what to do.
 * `AOP.ACQ.` and `ACQ.` are two spellings of the same.
 */
export function failure({ fields, errors = {}, isBelieved, traceId }: Refused): OpenapiError {
  const said = (name: string) => (typeof fields[name] === 'string' ? (fields[name] as string) : undefined)
  const code = said('code') ?? ''
  const subCode = said('sub_code')?.replace(/^AOP\./, '')
  const meaning = { ...codes[code], ...subCodes[subCode ?? ''], ...errors[subCode ?? code] }
  const text = (said('sub_msg') ?? said('msg') ?? '').slice(0, MAX_TEXT).replace(ECHO, '')
  const source = isBelieved ? 'Alipay said' : 'Alipay said, unsigned'
  return new OpenapiError({
    errCode: subCode || code || 'UPSTREAM_INVALID',
    errMsg: meaning.en ? `${meaning.en} (${meaning.zh}); ${source}: ${text}` : `${source}: ${text}`,
    advice: meaning.advice ?? 'fix the request',
    outcome: meaning.outcome ?? (isBelieved ? 'failed' : 'unknown'),
    status: 502,
    rid: traceId,
  })
}
