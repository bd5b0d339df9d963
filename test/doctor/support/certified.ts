import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import forge from 'node-forge'
import {
  issue,
  type KeyPair,
  newKeyPair,
  oneLine,
  privatePem,
} from '../../../tools/emulator/platforms/certificates/index.js'
import { pfxOf } from '../../../tools/emulator/platforms/certificates/merchantFiles.js'

/** Keys and certificates that are wrong in one way each. Made with node-forge, under the local platforms' authority. */

export const DAY_MS = 24 * 3600 * 1000

export const newKeys = (bits = 2048): KeyPair =>
  bits === 2048 ? newKeyPair() : generateKeyPairSync('rsa', { modulusLength: bits })

export interface Wish {
  /** The merchant's number. */
  name: string
  keys: KeyPair
  serialNo?: string
  from?: number
  until?: number
}

/** PEM. */
export const certificate = ({ serialNo = '5'.padEnd(40, 'A'), ...wish }: Wish): string =>
  issue({ serialNo, ...wish })

/** `apiclient_cert.p12` as base64; its passphrase is the merchant's number unless said otherwise. */
export const pfx = (wish: Wish, passphrase = wish.name): string =>
  pfxOf(wish.keys, certificate(wish), passphrase, 'aes').toString('base64')

/** A file with a certificate and no key in it, as base64. */
export function pfxWithoutKey(wish: Wish): string {
  const of = forge.pki.certificateFromPem(certificate(wish))
  // The types know of no file without a key; the library makes one.
  const none = null as unknown as forge.pki.rsa.PrivateKey
  const file = forge.pkcs12.toPkcs12Asn1(none, of, wish.name, { algorithm: '3des' })
  return Buffer.from(forge.asn1.toDer(file).getBytes(), 'latin1').toString('base64')
}

/** As settings take it. */
export const keyText = (keys: KeyPair): string => oneLine(privatePem(keys))

export const publicText = (key: KeyObject): string =>
  oneLine(key.export({ type: 'spki', format: 'pem' }).toString())
