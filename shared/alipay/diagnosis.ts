import { createPublicKey, type KeyObject } from 'node:crypto'
import type { AlipayApp } from '../config/alipayApp.js'
import { rsaPrivateKey } from '../crypto/index.js'
import { changedBody } from '../diagnosis/bodies.js'
import { type Diagnosis, quoted } from '../diagnosis/causes.js'
import { isHashOf, recoverHash, type SignedHash } from '../diagnosis/signatures.js'
import type { RawAnswer } from './exchange.js'
import { hashOf } from './keys/credentials.js'
import { knownKeys } from './keys/trust.js'

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
export function hashSignedByAlipay(app: AlipayApp, sign: string): SignedHash | undefined {
  for (const key of knownKeys(app)) {
    const signed = recoverHash(key, sign)
    if (signed) return signed
  }
  return undefined
}

/** What is wrong with the keys, if it is they: the application's own key set as Alipay's, or one that is not known. */
export function wrongKeys(app: AlipayApp, sign: string, certSn: string | undefined): Diagnosis | undefined {
  const own = ownKey(app)
  if (own && knownKeys(app).some((key) => key.equals(own))) {
    return { cause: 'application key for the Alipay key' }
  }
  if (hashSignedByAlipay(app, sign)) return undefined
  if (own && recoverHash(own, sign)) return { cause: 'own signature' }
  return { cause: 'other key', ...(certSn ? { detail: quoted(`alipay_cert_sn ${certSn}`) } : {}) }
}

const ownKey = ({ privateKey }: AlipayApp): KeyObject | undefined =>
  privateKey === undefined ? undefined : createPublicKey(rsaPrivateKey(privateKey))

/** The key and the text are right, so it is the algorithm, or the number of the certificate. */
export function otherwiseRight(app: AlipayApp, { hash }: SignedHash, certSn: string | undefined): Diagnosis {
  if (hash === hashOf(app) && certSn) {
    return { cause: 'wrong serial', detail: quoted(`alipay_cert_sn ${certSn}`) }
  }
  const name = hash === 'sha1' ? 'RSA' : 'RSA2'
  return { cause: 'other algorithm', detail: { en: `signed by ${name}`, zh: `签名算法为 ${name}` } }
}
