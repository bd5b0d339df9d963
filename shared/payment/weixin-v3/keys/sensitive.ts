import { constants, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto'
import { invalidParam } from '../../../errors/index.js'
import type { EncryptedValues } from '../../provider.js'
import type { V3Client } from '../client.js'
import { merchantKey } from '../signature.js'

/** What OAEP with SHA-1 takes of the key's length. */
const OVERHEAD_BYTES = 42

const oaep = (key: KeyObject) => ({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' })

/**
 * Encrypts single values (names, numbers of papers, phones) for WeChat Pay: RSA-OAEP with SHA-1, base64. The request
 * that carries them names `serial` in its `Wechatpay-Serial` header, and is signed after encryption. INVALID_PARAM for
 * values over 214 bytes with a key of 2048 bits. https://pay.weixin.qq.com/doc/v3/merchant/4013053257
 */
export async function encryptSensitive<Name extends string>(
  { keys }: Pick<V3Client, 'keys'>,
  values: Readonly<Record<Name, string>>,
): Promise<EncryptedValues<Name>> {
  await keys.ready()
  const { serial, key } = await keys.forEncryption()
  const room = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8 - OVERHEAD_BYTES
  const encrypted = mapped(values, (value, name) => {
    const bytes = Buffer.from(value)
    if (bytes.length > room) throw invalidParam(name, `expected at most ${room} bytes`)
    return publicEncrypt(oaep(key), bytes).toString('base64')
  })
  return { serial, encrypted }
}

/** The values WeChat Pay encrypted for this merchant. INVALID_PARAM for one that does not open. */
export function decryptSensitive<Name extends string>(
  { merchant }: Pick<V3Client, 'merchant'>,
  values: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const key = merchantKey(merchant)
  return mapped(values, (base64, name) => {
    try {
      return privateDecrypt(oaep(key), Buffer.from(base64, 'base64')).toString('utf8')
    } catch {
      throw invalidParam(name, "expected a text encrypted for this merchant's certificate")
    }
  })
}

const mapped = <Name extends string>(
  values: Readonly<Record<Name, string>>,
  change: (value: string, name: string) => string,
): Record<Name, string> =>
  Object.fromEntries(
    Object.entries<string>(values).map(([name, value]) => [name, change(value, name)]),
  ) as Record<Name, string>
