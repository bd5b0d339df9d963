import type { Answer, Received } from '../contract.js'
import { BusinessFailure, checkRules, type Endpoint, type PayWorld, Unreadable } from './entry.js'
import { isSigned, type Message, type SignType, signTypeOf } from './signature.js'
import { readXml } from './xml.js'

/** Whose request it is, and under which algorithm: until this is known, no answer can be signed. */
export interface Signed {
  message: Message
  signType: SignType
}

/** Throws {@link Unreadable} at everything that is not a signed request of our merchant. */
export function readSigned(request: Received, { merchant }: PayWorld): Signed {
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
  { app, merchant }: PayWorld,
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
export const uncertified = (endpoint: Endpoint, { certified }: Received): Answer | undefined =>
  endpoint.certificate && certified === undefined
    ? {
        status: 400,
        headers: { 'content-type': 'text/html' },
        body: `<html>\n<head><title>${NO_CERTIFICATE}</title></head>\n<body>\n<center><h1>400 Bad Request</h1></center>\n<center>No required SSL certificate was sent</center>\n</body>\n</html>\n`,
      }
    : undefined
