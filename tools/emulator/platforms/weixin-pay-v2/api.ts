import type { Api, HttpAnswer, Received } from '../contract.js'
import type { Fault } from '../faults.js'
import { commonFaults, type PayContext } from '../weixin-pay/index.js'
import { BusinessFailure, checkRules, type Endpoint, type Entry, Unreadable } from './entry.js'
import { isSigned, messageFaults, type SignType, signedXml, signTypeOf } from './message.js'
import { type Message, readXml, writeXml } from './xml.js'

/** Faults that are answers of a kind: what is answered in place of acting. */
const refusals: Readonly<Partial<Record<Fault, readonly [string, string]>>> = {
  busy: ['SYSTEMERROR', '系统超时'],
  denied: ['ORDERNOTEXIST', '订单不存在'],
  unbound: ['APPID_MCHID_NOT_MATCH', 'appid和mch_id不匹配'],
  'no-permission': ['NOAUTH', '商户无此接口权限'],
  'no-funds': ['NOTENOUGH', '基本账户余额不足，请充值后重新发起'],
  contended: ['BIZERR_NEED_RETRY', '退款业务流程错误，需要商户触发重试来解决'],
}

/** Turns a table's entry into an endpoint: signature, identity and fields are checked before it does its work. */
export function payApi(entry: Entry, context: PayContext): Api {
  return {
    name: entry.name,
    path: entry.path,
    faults: [...commonFaults, ...messageFaults, ...(entry.faults ?? [])],
    answer(request, fault) {
      const page = uncertified(entry, request)
      if (page) return page
      try {
        const signed = readSigned(request, context)
        const fields = perform(entry, request, signed, context, fault)
        return xml(signedXml(fields, signed.signType, context, fault === 'denied' ? 'unsigned' : fault))
      } catch (error) {
        if (error instanceof Unreadable) return xml(unreadable(error.message))
        throw error
      }
    },
  }
}

export const xml = (body: string): HttpAnswer => ({
  status: 200,
  headers: { 'content-type': 'text/plain' },
  body,
})

export const unreadable = (reason: string): string => writeXml({ return_code: 'FAIL', return_msg: reason })

function perform(
  entry: Entry,
  request: Received,
  { message, signType }: Signed,
  context: PayContext,
  fault: Fault | undefined,
): Record<string, string> {
  const head = {
    return_code: 'SUCCESS',
    return_msg: 'OK',
    appid: message.appid ?? '',
    mch_id: message.mch_id ?? '',
  }
  try {
    const refusal = fault && refusals[fault]
    if (refusal) throw new BusinessFailure(...refusal)
    checkRequest(entry, request, message, context)
    const fields = entry.answer(message, context, signType)
    if (fault === 'busy-acted') throw new BusinessFailure('SYSTEMERROR', '系统超时')
    return { ...head, result_code: 'SUCCESS', ...fields }
  } catch (error) {
    if (!(error instanceof BusinessFailure)) throw error
    return { ...head, result_code: 'FAIL', err_code: error.code, err_code_des: error.message }
  }
}

/** Whose request it is, and under which algorithm: until this is known, no answer can be signed. */
export interface Signed {
  message: Message
  signType: SignType
}

/** Throws {@link Unreadable} at everything that is not a signed request of our merchant. */
export function readSigned(request: Received, { merchant }: PayContext): Signed {
  const message = readRequest(request)
  if (!message.mch_id) throw new Unreadable('缺少参数: mch_id')
  if (message.mch_id !== merchant.mchId) throw new Unreadable('商户号mch_id或sub_mch_id不存在')
  const signType = signTypeOf(message.sign_type)
  if (!signType) throw new Unreadable('sign_type参数有误')
  if (!isSigned(message, signType, merchant.key)) throw new Unreadable('签名错误，请检查后再试')
  return { message, signType }
}

function readRequest({ method, body }: Received): Message {
  if (method !== 'POST') throw new Unreadable('请使用post方法')
  if (body.length === 0) throw new Unreadable('post数据为空')
  try {
    return readXml(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    const reason = error instanceof Error ? error.message : ''
    throw new Unreadable(error instanceof TypeError ? '编码格式错误' : `XML格式错误: ${reason}`)
  }
}

/** What every request has to say. Throws {@link BusinessFailure}. */
export function checkRequest(
  { certificate, rules }: Endpoint,
  { certified }: Received,
  message: Message,
  { app, merchant }: PayContext,
): void {
  if (certificate && certified !== merchant.mchId) throw new BusinessFailure('CERT_ERROR', '证书校验错误')
  checkRules({ appid: { required: true }, nonce_str: { required: true, accepts: isNonce } }, message)
  if (message.appid !== app.appId && message.appid !== app.openAppId) {
    throw new BusinessFailure('APPID_NOT_EXIST', 'appid不存在')
  }
  checkRules(rules, message)
}

const isNonce = (text: string): boolean => text.length <= 32

const NO_CERTIFICATE = '400 No required SSL certificate was sent'

/** The web server's own answer, since such a request never gets as far as the API. */
export const uncertified = (endpoint: Endpoint, { certified }: Received): HttpAnswer | undefined =>
  endpoint.certificate && certified === undefined
    ? {
        status: 400,
        headers: { 'content-type': 'text/html' },
        body: `<html>\n<head><title>${NO_CERTIFICATE}</title></head>\n<body>\n<center><h1>400 Bad Request</h1></center>\n<center>No required SSL certificate was sent</center>\n</body>\n</html>\n`,
      }
    : undefined
