import { constants, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto'
import { invalidParam } from '../../errors/index.js'
import type { KeyRing } from './keyRing.js'
import { merchantKey, type V3Merchant } from './merchant.js'

/** What OAEP with SHA-1 takes of the key's length. */
const OVERHEAD_BYTES = 42

const oaep = (key: KeyObject) => ({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' })

/**
 * Encrypts single values (names, numbers of papers, phones) for WeChat Pay: RSA-OAEP with SHA-1, base64. The request
 * that carries them has to name `serial` (`encryptedFor`) and is signed after encryption. INVALID_PARAM for values
 * over 214 bytes with a key of 2048 bits. https://pay.weixin.qq.com/doc/v3/merchant/4013053257
 */
export async function encryptSensitive<Name extends string>(
  keys: KeyRing,
  values: Readonly<Record<Name, string>>,
): Promise<{ serial: string; encrypted: Record<Name, string> }> {
  const { serial, key } = await keys.forEncryption()
  const room = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8 - OVERHEAD_BYTES
  const sealed = Object.entries<string>(values).map(([name, value]) => {
    const bytes = Buffer.from(value)
    if (bytes.length > room) throw invalidParam(name, `expected at most ${room} bytes`)
    return [name, publicEncrypt(oaep(key), bytes).toString('base64')]
  })
  return { serial, encrypted: Object.fromEntries(sealed) }
}

/** The value WeChat Pay encrypted for this merchant; nothing when it does not open. */
export function decryptSensitive(merchant: V3Merchant, base64: string): string | undefined {
  const key = merchantKey(merchant)
  try {
    return privateDecrypt(oaep(key), Buffer.from(base64, 'base64')).toString('utf8')
  } catch {
    return undefined
  }
}
