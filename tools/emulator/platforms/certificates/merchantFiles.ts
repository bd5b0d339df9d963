import forge from 'node-forge'
import { issue, localAuthority } from './authority.js'
import { type KeyPair, keyPair, privatePem, serialNoOf } from './keys.js'
import { withRc2 } from './rc2.js'

/**
 * What the merchant's console hands out, each made when it is first looked at: one certificate serves V2 as its TLS
 * client certificate and V3 to sign with.
 */
export interface MerchantFiles {
  /** apiclient_cert.pem */
  readonly cert: string
  /** apiclient_key.pem */
  readonly key: string
  /** Of the certificate; 40 upper-case hex digits. */
  readonly serialNo: string
  readonly keys: KeyPair
  /** PEM: who certifies the local platforms' TLS server, and all certificates it hands out. */
  readonly authority: string
  /** apiclient_cert.p12, whose passphrase is the merchant id. */
  pfx(encryption?: PfxEncryption): Buffer
}

export function merchantFiles(mchId: string): MerchantFiles {
  const serialNo = serialNoOf(`merchant ${mchId}`)
  let cert: string | undefined
  return {
    serialNo,
    get keys() {
      return keyPair(`merchant ${mchId}`)
    },
    get key() {
      return privatePem(this.keys)
    },
    get cert() {
      cert ??= issue({ name: mchId, serialNo, keys: this.keys })
      return cert
    },
    get authority() {
      return localAuthority().pem
    },
    pfx(encryption = 'aes') {
      return pfxOf(this.keys, this.cert, mchId, encryption)
    },
  }
}

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
