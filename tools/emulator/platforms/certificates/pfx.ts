import forge from 'node-forge'
import { type KeyPair, privatePem } from './keys.js'
import { withRc2 } from './rc2.js'

/** `aes` is what today's tools write; `rc2` is how WeChat's own files are encrypted, which OpenSSL 3 refuses. */
export type PfxEncryption = 'aes' | 'rc2'

/** A PKCS#12 file of a key and its certificate (PEM). */
export function pfxOf(keys: KeyPair, pem: string, passphrase: string, encryption: PfxEncryption): Buffer {
  const key = forge.pki.privateKeyFromPem(privatePem(keys))
  const certificate = forge.pki.certificateFromPem(pem)
  const algorithm = encryption === 'aes' ? 'aes256' : '3des'
  const file = forge.pkcs12.toPkcs12Asn1(key, certificate, passphrase, { algorithm })
  const whole = encryption === 'aes' ? file : withRc2(file, passphrase)
  return Buffer.from(forge.asn1.toDer(whole).getBytes(), 'latin1')
}
