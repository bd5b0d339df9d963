import { OpenapiError } from '../../errors/index.js'
import type { FlatXml } from '../../xml/flatXml.js'
import { unverified } from '../weixin/failure.js'
import { errCodes } from './errCodes.js'

/** Such answers are unsigned: they are believed as far as 'this did not work', and where money moves not even so far. */
export const communicationFailed = (text: string, outcome: OpenapiError['outcome']): OpenapiError =>
  new OpenapiError({
    errCode: 'RETURN_FAIL',
    errMsg: `WeChat Pay refused the request itself and said: ${text}${/^签名/.test(text) ? WRONG_KEY : ''}`,
    advice: 'fix the settings',
    outcome,
    status: 502,
  })

/** A signature it cannot verify WeChat refuses in this way more often than by its SIGNERROR. */
const WRONG_KEY = '; check WEIXIN_PAY_KEY and WEIXIN_PAY_SIGN_TYPE'

/** WeChat's own word for what is wrong with the request, or with the order. */
export function businessFailed(fields: FlatXml): OpenapiError {
  const errCode = fields.get('err_code')
  if (fields.get('result_code') !== 'FAIL' || !errCode) return unverified('an answer without a result')
  const meaning = Object.hasOwn(errCodes, errCode) ? errCodes[errCode] : undefined
  const text = fields.get('err_code_des') ?? ''
  return new OpenapiError({
    errCode,
    errMsg: meaning ? `${meaning.en} (${meaning.zh}); WeChat Pay said: ${text}` : `WeChat Pay said: ${text}`,
    advice: meaning?.advice ?? 'fix the request',
    outcome: meaning?.outcome ?? 'failed',
    status: 502,
  })
}
