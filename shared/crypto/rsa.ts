import { createPrivateKey, createPublicKey, type KeyObject, sign, verify, X509Certificate } from 'node:crypto'
import { convertedPrivateKey, convertedPublicKey } from './keyTexts.js'

/** Parsing a key costs several signatures' time, so each text is parsed once per process. */
const parsed = new Map<string, KeyObject>()

/**
 * An RSA private key from whatever a console hands out: PEM, the bare base64 of one, line breaks written as `\n`,
 * PKCS#8 or PKCS#1 whatever the armour says; an OpenSSH key without a passphrase; or the key's components as JSON.
 * Throws without repeating the text.
 */
export const rsaPrivateKey = (text: string): KeyObject =>
  cached(`private ${text}`, () => {
    const der = derOf(text)
    return read('an RSA private key', [
      ...privateFormats.map((parse) => () => parse(der)),
      () => convertedPrivateKey(text, der),
    ])
  })

/**
 * An RSA public key: SPKI, PKCS#1 or an X.509 certificate, each as PEM or bare base64; or its components as JSON. As
 * {@link rsaPrivateKey}.
 */
export const rsaPublicKey = (text: string): KeyObject =>
  cached(`public ${text}`, () => {
    const der = derOf(text)
    return read('an RSA public key', [
      ...publicFormats.map((parse) => () => parse(der)),
      () => convertedPublicKey(text),
    ])
  })

function cached(name: string, parse: () => KeyObject): KeyObject {
  const known = parsed.get(name)
  if (known) return known
  const key = parse()
  parsed.set(name, key)
  return key
}

/** The bytes of the first block; text in front of it, as in certificate files, is passed over. */
function derOf(text: string): Buffer {
  const unfolded = text.replaceAll('\\n', '\n')
  const block = /-----BEGIN [A-Z0-9 ]+-----([^-]*)-----END/.exec(unfolded)
  return Buffer.from(block?.[1] ?? unfolded, 'base64')
}

type Parse = (der: Buffer) => KeyObject

const privateFormats: readonly Parse[] = [
  (der) => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
  (der) => createPrivateKey({ key: der, format: 'der', type: 'pkcs1' }),
]

/** Node would also take a private key here and derive the public one; that is a mix-up the caller has to hear of. */
function pkcs1PublicKey(der: Buffer): KeyObject {
  const key = createPublicKey({ key: der, format: 'der', type: 'pkcs1' })
  if (!key.export({ type: 'pkcs1', format: 'der' }).equals(der)) throw new Error('another format')
  return key
}

const publicFormats: readonly Parse[] = [
  (der) => createPublicKey({ key: der, format: 'der', type: 'spki' }),
  pkcs1PublicKey,
  (der) => new X509Certificate(der).publicKey,
]

function read(wanted: string, ways: readonly (() => KeyObject | undefined)[]): KeyObject {
  for (const way of ways) {
    try {
      const key = way()
      if (key?.asymmetricKeyType === 'rsa') return key
    } catch {
      // The next way is tried; one error at the end speaks for all.
    }
  }
  throw new Error(`not ${wanted}: expected PEM or its base64`)
}

/** RSASSA-PKCS1-v1_5; SHA-1 only where an old Alipay contract is configured for it. */
export type RsaHash = 'sha256' | 'sha1'

/** Base64 without line breaks. `key` as `rsaPrivateKey` parsed it. */
export const rsaSign = (hash: RsaHash, key: KeyObject, data: string | Buffer): string =>
  sign(hash, bytesOf(data), key).toString('base64')

/** Whether the base64 `signature` is this key's over exactly these bytes. False, never an error, for nonsense. */
export function rsaVerify(hash: RsaHash, key: KeyObject, data: string | Buffer, signature: string): boolean {
  return verify(hash, bytesOf(data), key, Buffer.from(signature, 'base64'))
}

const bytesOf = (data: string | Buffer): Buffer => (typeof data === 'string' ? Buffer.from(data) : data)
