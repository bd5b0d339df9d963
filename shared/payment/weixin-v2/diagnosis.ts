import { md5Hex, openAes256Ecb, sameText } from '../../crypto/index.js'
import { type Diagnosis, quoted, type Refusal } from '../../diagnosis/causes.js'
import { type Examined, isUnread } from '../../diagnosis/sender.js'
import {
  changedFields,
  explainUnread,
  type FieldSignature,
  type Fields,
} from '../../diagnosis/signedFields.js'
import type { Bilingual } from '../../operation/index.js'
import { isSigned, readMessage, signature, type V2Merchant } from './signature.js'

/** Why WeChat Pay V2's verification refused a call or an answer. Nothing when it does not look like anything known. */
export function explainMessage(merchant: V2Merchant, call: Examined, reason: Refusal): Diagnosis | undefined {
  const form = signatureOf(merchant)
  if (isUnread(reason)) return explainUnread(form, call, reason)
  const fields = form.read(call.rawBody)
  if (!fields) return undefined
  if (reason === 'not decryptable') return undecryptable(merchant, fields)
  if (reason === 'signature type not ours')
    return { cause: 'other algorithm', detail: quoted(fields.get('sign_type') ?? '') }
  return reason === 'signature wrong' ? wronglySigned(merchant, form, fields, call.rawBody) : undefined
}

/** How WeChat Pay V2 signs: a notice of a refund carries no signature, but a sealed `req_info`. */
const signatureOf = ({ key, signType }: V2Merchant): FieldSignature => ({
  sender: 'weixin-v2',
  encoding: 'utf8',
  read(body) {
    const fields = readMessage(body)
    return typeof fields === 'string' ? undefined : fields
  },
  isSigned: (fields) => isSigned(fields, key, signType),
  isUnsignedMessage: (fields) => fields.has('req_info'),
})

const otherType = { MD5: 'HMAC-SHA256', 'HMAC-SHA256': 'MD5' } as const

function wronglySigned(
  { key, signType, v3 }: V2Merchant,
  form: FieldSignature,
  fields: Fields,
  body: Buffer,
): Diagnosis {
  const other = otherType[signType]
  if (isSigned(fields, key, other)) {
    return { cause: 'other algorithm', detail: { en: `signed by ${other}`, zh: `签名算法为 ${other}` } }
  }
  if (v3 && [signType, other].some((type) => isSigned(fields, v3.key, type)))
    return { cause: 'V3 key for V2' }
  const sign = fields.get('sign') ?? ''
  if (sameText(sign.toUpperCase(), signature(fields, key, signType))) return { cause: 'letter case' }
  const changed: Bilingual = { en: 'or a field was changed', zh: '或某个字段被改动' }
  const detail = v3?.key === key ? sameKeys : changed
  return changedFields(form, fields, body) ?? { cause: 'other key', detail }
}

/** Allowed, and more often a key that was pasted twice. */
const sameKeys: Bilingual = {
  en: 'WEIXIN_PAY_KEY is the same as WEIXIN_PAY_V3_KEY, or a field was changed',
  zh: 'WEIXIN_PAY_KEY 与 WEIXIN_PAY_V3_KEY 相同，或某个字段被改动',
}

function undecryptable({ v3 }: V2Merchant, fields: Fields): Diagnosis {
  try {
    openAes256Ecb(md5Hex(v3?.key ?? ''), fields.get('req_info') ?? '')
    return { cause: 'V3 key for V2' }
  } catch {
    return {
      cause: 'other key',
      detail: { en: 'WEIXIN_PAY_KEY does not open req_info', zh: 'WEIXIN_PAY_KEY 无法解开 req_info' },
    }
  }
}
