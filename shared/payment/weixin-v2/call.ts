import { nonce } from '../../clock/index.js'
import type { WeixinMerchant } from '../../config/weixinMerchant.js'
import { OpenapiError } from '../../errors/index.js'
import { type FlatXml, writeFlatXml } from '../../xml/index.js'
import type { Outside } from '../provider.js'
import { errCodes } from './errCodes.js'
import { readMessage } from './message.js'
import { isSigned, signature } from './sign.js'

/** A merchant whose V2 key is known. */
export type V2Merchant = WeixinMerchant & { key: string }

/** What is sent, without what every request carries (mch_id, nonce_str, sign_type, sign). */
export type V2Fields = Readonly<Record<string, string | undefined>> & { appid: string }

export interface V2Answer {
  fields: FlatXml
  raw: Buffer
}

/** WeChat answers within a few seconds or not at all. */
const PATIENCE_MS = 10_000

/** Left for what has to happen after the answer. */
const RESERVE_MS = 300

/**
 * One V2 request, signed, and its answer, authenticated: `result_code` is SUCCESS, the signature covers all fields,
 * and it speaks of our merchant and the app that was asked about. Rejects with WeChat's `err_code`; with an unknown
 * outcome whenever nothing authentic came back.
 */
export async function callV2(
  merchant: V2Merchant,
  outside: Outside,
  path: string,
  fields: V2Fields,
): Promise<V2Answer> {
  const startedAt = outside.clock.now()
  let code: number | string = 0
  try {
    const { body, status } = await outside.http.request({
      method: 'POST',
      url: `${merchant.baseUrl}${path}`,
      headers: { 'content-type': 'text/xml; charset=utf-8' },
      body: writeFlatXml(signed(merchant, fields, nonce(outside.random))),
      timeoutMs: Math.min(PATIENCE_MS, outside.timeLeft() - RESERVE_MS),
      ...(merchant.ca === undefined ? {} : { ca: merchant.ca }),
    })
    return { fields: authenticate(merchant, fields.appid, status, body), raw: body }
  } catch (error) {
    code = error instanceof OpenapiError ? error.errCode : 'UNEXPECTED'
    throw error
  } finally {
    outside.upstream({ api: path, ms: outside.clock.now() - startedAt, code })
  }
}

/** `sign_type` has to be sent for anything but MD5, or WeChat computes MD5 and calls the signature wrong. */
function signed(merchant: V2Merchant, fields: V2Fields, nonceStr: string): [string, string][] {
  const whole = {
    ...fields,
    mch_id: merchant.mchId,
    nonce_str: nonceStr,
    sign_type: merchant.signType === 'MD5' ? undefined : merchant.signType,
  }
  const given = Object.entries(whole).filter((field): field is [string, string] => field[1] !== undefined)
  return [...given, ['sign', signature(given, merchant.key, merchant.signType)]]
}

function authenticate(merchant: V2Merchant, appId: string, status: number, body: Buffer): FlatXml {
  const fields = readMessage(body)
  if (typeof fields === 'string') throw unverified(`an answer that is ${fields} (HTTP ${status})`)
  if (fields.get('return_code') === 'FAIL') throw communicationFailed(fields.get('return_msg') ?? '')
  if (fields.get('return_code') !== 'SUCCESS') throw unverified('an answer without a return_code')
  if (!isSigned(fields, merchant.key, merchant.signType)) throw unverified('an answer with a wrong signature')
  if (fields.get('mch_id') !== merchant.mchId || fields.get('appid') !== appId) {
    throw unverified('an answer about another merchant or app')
  }
  if (fields.get('result_code') !== 'SUCCESS') throw businessFailed(fields)
  return fields
}

/** WeChat may have acted all the same: whoever could change the answer could also have let the request pass. */
export const unverified = (what: string): OpenapiError =>
  new OpenapiError({
    errCode: 'UNVERIFIED_ANSWER',
    errMsg: `WeChat Pay gave ${what}; whether it acted is not known. Query the order before sending anything again`,
    advice: 'retry',
    outcome: 'unknown',
    status: 502,
  })

/** Such answers are unsigned: they are believed as far as 'this did not work', and no further. */
const communicationFailed = (text: string): OpenapiError =>
  new OpenapiError({
    errCode: 'RETURN_FAIL',
    errMsg: `WeChat Pay refused the request itself and said: ${text}`,
    advice: 'fix the settings',
    status: 502,
  })

function businessFailed(fields: FlatXml): OpenapiError {
  const errCode = fields.get('err_code')
  if (fields.get('result_code') !== 'FAIL' || !errCode) return unverified('an answer without a result')
  const meaning = errCodes[errCode]
  const text = fields.get('err_code_des') ?? ''
  return new OpenapiError({
    errCode,
    errMsg: meaning ? `${meaning.en} (${meaning.zh}); WeChat Pay said: ${text}` : `WeChat Pay said: ${text}`,
    advice: meaning?.advice ?? 'fix the request',
    outcome: meaning?.outcome ?? 'failed',
    status: 502,
  })
}
