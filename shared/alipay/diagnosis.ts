import { createPublicKey, type KeyObject } from 'node:crypto'
import type { AlipayApp } from '../config/alipayApp.js'
import { rsaPrivateKey } from '../crypto/index.js'
import { changedBody } from '../diagnosis/bodies.js'
import { type Diagnosis, quoted, type Refusal } from '../diagnosis/causes.js'
import { type Examined, isUnread } from '../diagnosis/sender.js'
import { isHashOf, recoverHash, type SignedHash } from '../diagnosis/signatures.js'
import { changedFields, explainUnread, type FieldSignature, type Fields } from '../diagnosis/signedFields.js'
import type { RawAnswer } from './answer.js'
import { knownKeys } from './keys/verifySignature.js'
import { formFields } from './message.js'
import { canonical, hashOf } from './signature.js'

/** Why the signature of an answer of Alipay's gateway does not verify. */
export function explainAnswer(
  app: AlipayApp,
  { value, sign = '', certSn }: RawAnswer,
): Diagnosis | undefined {
  const hash = hashSignedByAlipay(app, sign)
  const isOriginal = (original: string | Buffer) => hash !== undefined && isHashOf(hash, original)
  const wrong = wrongKeys(app, sign, certSn)
  if (wrong || !hash) return wrong
  return isOriginal(value) ? otherwiseRight(app, hash, certSn) : changedBody(value, isOriginal)
}

/** What one of the keys of Alipay's that are known here signed; undefined when none of them made this signature. */
function hashSignedByAlipay(app: AlipayApp, sign: string): SignedHash | undefined {
  for (const key of knownKeys(app)) {
    const signed = recoverHash(key, sign)
    if (signed) return signed
  }
  return undefined
}

/** What is wrong with the keys, if it is they: the application's own key set as Alipay's, or one that is not known. */
function wrongKeys(app: AlipayApp, sign: string, certSn: string | undefined): Diagnosis | undefined {
  const own = ownKey(app)
  if (own && knownKeys(app).some((key) => key.equals(own))) {
    return { cause: 'application key for the Alipay key' }
  }
  if (hashSignedByAlipay(app, sign)) return undefined
  if (own && recoverHash(own, sign)) return { cause: 'own signature' }
  return { cause: 'other key', ...(certSn ? { detail: quoted(`alipay_cert_sn ${certSn}`) } : {}) }
}

/** Which setting an answer contradicts, and what to compare; nothing where a right key signed something else. */
export function wrongKey(app: AlipayApp, sign: string): string | undefined {
  if (hashSignedByAlipay(app, sign)) return undefined
  if (app.certificates) return 'compare ALIPAY_PUBLIC_CERT with what the console offers for download'
  const compare = 'compare it with the one in the console (支付宝公钥)'
  return `is ALIPAY_PUBLIC_KEY perhaps the application's own public key? ${compare}`
}

const ownKey = ({ privateKey }: AlipayApp): KeyObject | undefined =>
  privateKey === undefined ? undefined : createPublicKey(rsaPrivateKey(privateKey))

/** The key and the text are right, so it is the algorithm, or the number of the certificate. */
function otherwiseRight(app: AlipayApp, { hash }: SignedHash, certSn: string | undefined): Diagnosis {
  if (hash === hashOf(app) && certSn) {
    return { cause: 'wrong serial', detail: quoted(`alipay_cert_sn ${certSn}`) }
  }
  const name = hash === 'sha1' ? 'RSA' : 'RSA2'
  return { cause: 'other algorithm', detail: { en: `signed by ${name}`, zh: `签名算法为 ${name}` } }
}

/** Why Alipay's verification refused a call. Nothing when it does not look like anything known. */
export function explainNotice(app: AlipayApp, call: Examined, reason: Refusal): Diagnosis | undefined {
  const signature = signatureOf(app)
  if (isUnread(reason)) return explainUnread(signature, call, reason)
  if (!/^signature (wrong|key unknown|type not ours)$/.test(reason)) return undefined
  const fields = signature.read(call.rawBody)
  return fields && wronglySigned(app, signature, fields, call.rawBody)
}

/** How Alipay signs its notices: in `formFields` every character stands for one byte. */
const signatureOf = (app: AlipayApp): FieldSignature => ({
  sender: 'alipay',
  encoding: 'latin1',
  read: formFields,
  isSigned(fields) {
    const hash = hashSignedByAlipay(app, signOf(fields))
    return hash !== undefined && isMadeOver(hash, fields)
  },
  readDecoded,
})

/** A plus sign that was taken for a space is put back: base64 has no spaces. */
const signOf = (fields: Fields): string => (fields.get('sign') ?? '').replaceAll(' ', '+')

const isMadeOver = (hash: SignedHash, fields: Fields): boolean =>
  [['sign_type'], []].some((leftOut) => isHashOf(hash, Buffer.from(canonical(fields, leftOut), 'latin1')))

function readDecoded(body: Buffer): Fields {
  const pairs = body.toString('latin1').split(/&(?=[a-z_]+=)/)
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, Math.max(0, equals)), pair.slice(equals + 1)]
    }),
  )
}

function wronglySigned(
  app: AlipayApp,
  signature: FieldSignature,
  fields: Fields,
  body: Buffer,
): Diagnosis | undefined {
  const sign = signOf(fields)
  const certSn = fields.get('alipay_cert_sn')
  const hash = hashSignedByAlipay(app, sign)
  const wrong = wrongKeys(app, sign, certSn)
  if (wrong || !hash) return wrong
  const isPlusLost = fields.get('sign')?.includes(' ')
  if (isPlusLost) return { cause: 'double decoding' }
  if (isMadeOver(hash, fields)) return otherwiseRight(app, hash, certSn)
  // The key is a right one, so what one signature holds is recovered once for all guesses.
  const isSigned = (original: Fields) => isMadeOver(hash, original)
  return changedFields({ ...signature, isSigned }, fields, body) ?? { cause: 'changed on the way' }
}
