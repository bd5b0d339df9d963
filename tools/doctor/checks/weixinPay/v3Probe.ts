import { type KeyObject, X509Certificate } from 'node:crypto'
import type { HttpAnswer } from '../../../../shared/http/http.js'
import { sendSigned } from '../../../../shared/payment/weixin-v3/client.js'
import { type Fields, inner, list, parsedObject, text } from '../../../../shared/payment/weixin-v3/fields.js'
import type { V3Merchant } from '../../../../shared/payment/weixin-v3/signature.js'
import { decryptResource } from '../../../../shared/payment/weixin-v3/signature.js'
import type { Doctor } from '../../doctor.js'

/** Asks for the platform certificates, the one V3 request that needs nothing but good keys. The answer is not verified. */
export const requestCertificates = (doctor: Doctor, merchant: V3Merchant): Promise<HttpAnswer> =>
  doctor.once(`V3 certificates ${merchant.mchId}`, () =>
    sendSigned(
      { merchant, dependencies: doctor.operationContext() },
      { method: 'GET', url: `${merchant.baseUrl}/v3/certificates` },
    ),
  )

export type Certificates = readonly { serial: string; key: KeyObject; until: string }[]

/** The platform certificates that open with the merchant's APIv3 key; all of them are encrypted with that one key. */
export function certificatesIn(merchant: V3Merchant, fields: Fields): Certificates | 'not opened' {
  const found: { serial: string; key: KeyObject; until: string }[] = []
  for (const item of list(fields, 'data')) {
    const pem = decryptResource(merchant, inner(item, 'encrypt_certificate'))
    if (!pem) return 'not opened'
    const { publicKey: key, validTo } = new X509Certificate(pem)
    const until = new Date(validTo).toISOString().slice(0, 10)
    found.push({ serial: (text(item, 'serial_no') ?? '').toUpperCase(), key, until })
  }
  return found
}

/** What a refusal is about, as far as its text tells. */
type RefusalKind =
  | 'public-key-id-wrong'
  | 'clock'
  | 'serial-wrong'
  | 'merchant-unknown'
  | 'address-refused'
  | 'signature-wrong'
  | 'refused'

/** By the texts of refusals, which have one code for most of what can be wrong with a signature. */
const refusals: readonly (readonly [RegExp, RefusalKind])[] = [
  [/Wechatpay-Serial|公钥ID|平台证书/i, 'public-key-id-wrong'],
  [/timestamp|时间戳/i, 'clock'],
  [/序列号/, 'serial-wrong'],
  [/MCH_NOT_EXISTS|商户号/, 'merchant-unknown'],
  [/\bIP\b/, 'address-refused'],
  [/SIGN_ERROR/, 'signature-wrong'],
]

export const refusalIn = (text: string): RefusalKind =>
  refusals.find(([pattern]) => pattern.test(text))?.[1] ?? 'refused'

/** What an answer says, as far as it can be read: its code and its message. */
export function answerText({ body, status }: HttpAnswer): string {
  const fields = parsedObject(body)
  const words = fields && [text(fields, 'code'), text(fields, 'message')].filter(Boolean).join(' ')
  return (words || `HTTP ${status}`).slice(0, 200)
}
