import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto'
import { readFileSync } from 'node:fs'

export interface KeyPair {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

const made = new Map<string, KeyPair>()

/**
 * The RSA key of that name, 2048 bits. It is made at its first use, since that takes a tenth of a second, and once
 * per process: two sets of local platforms in one process have the same keys where they are the same merchant.
 */
export function keyPair(name: string): KeyPair {
  const known = made.get(name)
  if (known) return known
  const pair = newKeyPair()
  made.set(name, pair)
  return pair
}

let ready: string[] | undefined

/**
 * An RSA key of 2048 bits that nobody else in this process has. To make one takes a tenth of a second of computing and
 * more, so where `RSA_KEY_POOL` names a file, the next one in there is taken, as long as there are any: a JSON list of
 * private keys as PEM. `npm test` makes one for all tests (`tools/test/keyPool.ts`).
 */
export function newKeyPair(): KeyPair {
  const { RSA_KEY_POOL } = process.env
  if (RSA_KEY_POOL) ready ??= JSON.parse(readFileSync(RSA_KEY_POOL, 'utf8')) as string[]
  const pem = ready?.shift()
  if (pem === undefined) return generateKeyPairSync('rsa', { modulusLength: 2048 })
  const privateKey = createPrivateKey(pem)
  return { privateKey, publicKey: createPublicKey(privateKey) }
}

/** PKCS#8. */
export const privatePem = ({ privateKey }: KeyPair): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** SPKI. */
export const publicPem = ({ publicKey }: KeyPair): string =>
  publicKey.export({ type: 'spki', format: 'pem' }).toString()

/** A PEM text as a setting that fits on one line: its base64. */
export const oneLine = (pem: string): string => Buffer.from(pem).toString('base64')

/**
 * Hex digits that follow from words alone, with the prefix they always had: settings that somebody wrote down keep
 * working on every machine. They open nothing else.
 */
export const seededHex = (words: string, length: number): string =>
  createHash('sha256').update(`twin ${words}`).digest('hex').slice(0, length)

/** The number of a certificate: 40 upper-case hex digits, the first of them such that the number is positive. */
export const serialNoOf = (words: string): string => `5${seededHex(words, 39).toUpperCase()}`
