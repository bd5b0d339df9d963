import { serialNoOf } from '../identity.js'
import { issue, localAuthority } from './authority.js'
import { type KeyPair, keyPair, privatePem } from './keys.js'
import { type PfxEncryption, pfxOf } from './pfx.js'

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
