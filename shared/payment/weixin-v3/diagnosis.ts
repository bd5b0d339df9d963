import { createPublicKey } from 'node:crypto'
import { changedBody } from '../../diagnosis/bodies.js'
import { type Diagnosis, quoted, type Refusal } from '../../diagnosis/causes.js'
import { bodyLost, type Examined, otherSender } from '../../diagnosis/sender.js'
import { isHashOf, recoverHash, type SignedHash } from '../../diagnosis/signatures.js'
import type { HttpAnswer } from '../../http/http.js'
import type { Bilingual, HttpCall } from '../../operation/index.js'
import { type Fields, inner, parsedObject } from './fields.js'
import { decryptResource, type KnownKey, merchantKey, publicKeyOf, type V3Merchant } from './signature.js'

export interface V3Signers {
  merchant: V3Merchant
  known: readonly KnownKey[]
  /** Milliseconds. */
  now: number
}

/** Why WeChat Pay V3's verification refused a call. Nothing when it does not look like anything known. */
export function explainNotice(against: V3Signers, call: Examined, reason: Refusal): Diagnosis | undefined {
  const { headers, rawBody: body } = call
  const serial = headers['wechatpay-serial'] ?? ''
  if (reason === 'signature probe') return { cause: 'probe traffic' }
  if (reason === 'empty') return headers['wechatpay-signature'] ? { cause: 'body parsed' } : bodyLost(call)
  if (reason === 'signature missing' || reason === 'malformed') return headersLost(headers, body)
  if (reason === 'not decryptable')
    return explainSealed(against.merchant, inner(parsedObject(body) ?? {}, 'resource'))
  if (reason === 'signature type not ours')
    return { cause: 'other algorithm', detail: quoted(headers['wechatpay-signature-type'] ?? '') }
  const isAboutKeys = reason === 'signature wrong' || reason === 'signature key unknown'
  if (!isAboutKeys && reason !== 'time out of range') return undefined
  const found = signerOf(against, headers['wechatpay-signature'] ?? '')
  if (!found) return keysAtFault(against, serial, reason)
  const change = changeOf(found.hash, headers, body)
  if (change && change.cause !== 'changed on the way') return change
  if (found.serial !== serial) return { cause: 'wrong serial', detail: signedBy(found.serial) }
  return change ?? clockOff(headers, against.now)
}

/** The same for an answer. That a refusal carries no signature is WeChat Pay's way; a result always does. */
export function explainAnswer(
  against: V3Signers,
  { status, headers, body: rawBody }: HttpAnswer,
  reason: Refusal,
): Diagnosis | undefined {
  const isStripped = reason === 'signature missing' && status === 200
  return (
    explainNotice(against, { headers, rawBody }, reason) ??
    (isStripped ? { cause: 'headers lost' } : undefined)
  )
}

function headersLost(headers: HttpCall['headers'], body: Buffer): Diagnosis | undefined {
  const names = ['timestamp', 'nonce', 'signature', 'serial'].map((name) => `wechatpay-${name}`)
  const other = otherSender(headers, body, 'weixin-v3')
  if (other) return other
  const lost = names.filter((name) => !headers[name])
  const doubled = names.filter((name) => headers[name]?.includes(','))
  const wanted = [...lost, ...doubled.map((name) => `${name} twice`)]
  const isSigned = lost.length < names.length
  return wanted.length > 0 && (isSigned || /"ciphertext"/.test(body.toString('latin1')))
    ? { cause: 'headers lost', detail: quoted(wanted.join(', ')) }
    : undefined
}

/** Why something sealed, a notice's resource or a platform certificate, does not open with the APIv3 key. */
export function explainSealed(merchant: V3Merchant, sealed: Fields): Diagnosis {
  const { key = '', v3 } = merchant
  if (key === v3.key || decryptResource({ ...merchant, v3: { ...v3, key } }, sealed))
    return { cause: 'V2 key for V3' }
  const detail = { en: 'WEIXIN_PAY_V3_KEY does not open it', zh: 'WEIXIN_PAY_V3_KEY 无法解密' }
  return { cause: 'other key', detail }
}

function signerOf({ known }: V3Signers, signature: string): { serial: string; hash: SignedHash } | undefined {
  for (const { serial, key } of known) {
    const hash = recoverHash(key, signature)
    if (hash) return { serial, hash }
  }
  return undefined
}

function keysAtFault({ merchant, known }: V3Signers, serial: string, reason: Refusal): Diagnosis {
  if (serial.toUpperCase() === merchant.v3.serialNo) return { cause: 'own serial' }
  if (reason === 'signature key unknown')
    return { cause: 'unknown serial', detail: quoted(`serial ${serial}${idsBeside(serial, merchant)}`) }
  if (merchant.v3.publicKeys.some(({ id }) => id === serial))
    return { cause: 'other key', detail: wrongKeyOf(serial) }
  const isConfigured = known.some((key) => key.serial === serial)
  return { cause: 'other key', ...(isConfigured ? { detail: notSignedBy(serial) } : {}) }
}

const isPublicKeyId = (serial: string): boolean => serial.startsWith('PUB_KEY_ID_')

/** The ids that are set, where a message names another one. */
function idsBeside(serial: string, { v3 }: V3Merchant): string {
  const ids = v3.publicKeys.map(({ id }) => id).join(', ')
  return isPublicKeyId(serial) && ids ? `; WEIXIN_PAY_PUBLIC_KEY_ID: ${ids}` : ''
}

const wrongKeyOf = (id: string): Bilingual => ({
  en: `not made with WEIXIN_PAY_PUBLIC_KEY, which should be the key of ${id}: compare both with the console (微信支付公钥)`,
  zh: `不是由 WEIXIN_PAY_PUBLIC_KEY 对应的密钥签名，它应为 ${id} 的公钥：请与商户平台所示（微信支付公钥）核对`,
})

/**
 * Which of the two settings of a public key an answer contradicts, and what to compare; nothing where the keys are not
 * at fault. An answer that is forged may look the same, so its outcome stays unknown.
 */
export function wrongPublicKey(
  merchant: V3Merchant,
  { headers }: Pick<HttpAnswer, 'headers'>,
  reason: Refusal,
): string | undefined {
  const serial = headers['wechatpay-serial'] ?? ''
  if (!isPublicKeyId(serial)) return undefined
  const { publicKeys } = merchant.v3
  const isMadeWith = (id: string) => {
    const key = publicKeyOf(merchant, id)
    return key !== undefined && recoverHash(key, headers['wechatpay-signature'] ?? '') !== undefined
  }
  if (reason === 'signature wrong') return isMadeWith(serial) ? undefined : notTheKeyOf(merchant, serial)
  if (reason !== 'signature key unknown') return undefined
  if (publicKeys.length === 0) return NO_PUBLIC_KEY
  const ids = publicKeys.map(({ id }) => id)
  const both = ids.some(isMadeWith)
    ? 'WEIXIN_PAY_PUBLIC_KEY is right, its id is not'
    : 'copy WEIXIN_PAY_PUBLIC_KEY from there again as well'
  return `WEIXIN_PAY_PUBLIC_KEY_ID is ${ids.join(', ')}, and the answer names ${serial}: ${COMPARE}; ${both}`
}

const COMPARE = 'compare it with the one in the merchant console (微信支付公钥)'

/** What every merchant without certificates runs into first. */
const NO_PUBLIC_KEY =
  'it is signed with a public key that is not set here: set WEIXIN_PAY_PUBLIC_KEY_ID and WEIXIN_PAY_PUBLIC_KEY as ' +
  'the merchant console shows them (微信支付公钥)'

function notTheKeyOf(merchant: V3Merchant, id: string): string {
  const isOwn = publicKeyOf(merchant, id)?.equals(createPublicKey(merchantKey(merchant)))
  const what = isOwn
    ? "is the public half of WEIXIN_PAY_PRIVATE_KEY, the merchant's own, not the key"
    : 'is not the key'
  return `WEIXIN_PAY_PUBLIC_KEY ${what} of ${id}: ${COMPARE}, whose file is pub_key.pem`
}

const signedBy = (serial: string): Bilingual => ({ en: `signed by ${serial}`, zh: `由 ${serial} 签名` })
const notSignedBy = (serial: string): Bilingual => ({
  en: `not made with the key of ${serial}`,
  zh: `不是由 ${serial} 的密钥签名`,
})

/** What was signed, if it is not what arrived. */
function changeOf(hash: SignedHash, headers: HttpCall['headers'], body: Buffer): Diagnosis | undefined {
  const before = `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n`
  const isOriginal = (original: string | Buffer) => isHashOf(hash, before, original, '\n')
  return isOriginal(body) ? undefined : changedBody(body, isOriginal)
}

function clockOff(headers: HttpCall['headers'], now: number): Diagnosis | undefined {
  const seconds = Math.round(now / 1000) - Number(headers['wechatpay-timestamp'])
  if (!Number.isFinite(seconds) || Math.abs(seconds) < 300) return undefined
  const by = Math.abs(seconds)
  return {
    cause: 'clock off',
    detail: {
      en: `${by} s ${seconds > 0 ? 'behind' : 'ahead of'} our clock`,
      zh: `比本机时钟${seconds > 0 ? '慢' : '快'} ${by} 秒`,
    },
  }
}
