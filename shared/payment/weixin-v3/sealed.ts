import { openAes256Gcm } from '../../crypto/index.js'
import { type Fields, text } from './fields.js'
import type { V3Merchant } from './merchant.js'

const ALGORITHM = 'AEAD_AES_256_GCM'

/**
 * Opens what WeChat Pay sealed with the APIv3 key: the `resource` of a notice, an `encrypt_certificate`. Nothing when
 * it does not open, whatever the reason: a wrong key and a changed text must look the same.
 * https://pay.weixin.qq.com/doc/v3/merchant/4012071382
 */
export function opened({ v3 }: V3Merchant, sealed: Fields): Buffer | undefined {
  try {
    if (text(sealed, 'algorithm') !== ALGORITHM) return undefined
    const box = {
      key: Buffer.from(v3.key),
      nonce: Buffer.from(text(sealed, 'nonce') ?? ''),
      associatedData: Buffer.from(text(sealed, 'associated_data') ?? ''),
    }
    return openAes256Gcm(box, Buffer.from(text(sealed, 'ciphertext') ?? '', 'base64'))
  } catch {
    return undefined
  }
}
