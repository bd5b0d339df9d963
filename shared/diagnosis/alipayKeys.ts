import { createPublicKey, type KeyObject } from 'node:crypto'
import { hashOf } from '../alipay/keys/credentials.js'
import { knownKeys } from '../alipay/keys/trust.js'
import type { AlipayApp } from '../config/alipayApp.js'
import { rsaPrivateKey } from '../crypto/index.js'
import { type Finding, named } from './findings.js'
import { recovered, type Signed } from './recover.js'

/** What one of the keys of Alipay's that are known here signed; undefined when none of them made this signature. */
export function signedByAlipay(app: AlipayApp, sign: string): Signed | undefined {
  for (const key of knownKeys(app)) {
    const signed = recovered(key, sign)
    if (signed) return signed
  }
  return undefined
}

/** What is wrong with the keys, if it is they: the application's own in the place of Alipay's, or a stranger's. */
export function wrongKeys(app: AlipayApp, sign: string, certSn: string | undefined): Finding | undefined {
  const own = ownKey(app)
  if (own && knownKeys(app).some((key) => key.equals(own))) {
    return { cause: 'application key for the Alipay key' }
  }
  if (signedByAlipay(app, sign)) return undefined
  if (own && recovered(own, sign)) return { cause: 'own signature' }
  return { cause: 'other key', ...(certSn ? { detail: named(`alipay_cert_sn ${certSn}`) } : {}) }
}

const ownKey = ({ privateKey }: AlipayApp): KeyObject | undefined =>
  privateKey === undefined ? undefined : createPublicKey(rsaPrivateKey(privateKey))

/** The key and the text are right, so it is the algorithm, or the number of the key. */
export function rightAfterAll(app: AlipayApp, { hash }: Signed, certSn: string | undefined): Finding {
  if (hash === hashOf(app) && certSn) {
    return { cause: 'wrong serial', detail: named(`alipay_cert_sn ${certSn}`) }
  }
  const name = hash === 'sha1' ? 'RSA' : 'RSA2'
  return { cause: 'other algorithm', detail: { en: `signed by ${name}`, zh: `签名算法为 ${name}` } }
}
