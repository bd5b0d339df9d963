import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import forge from 'node-forge'
import { newKeyPair, signCertificate } from '../../../tools/emulator/platforms/certificates/index.js'

/** Keys and certificates as a run makes them: nothing secret lies in the repository. */

export interface KeyPair {
  privateKey: KeyObject
  publicKey: KeyObject
  privatePem: string
  publicPem: string
}

export function keyPair(modulusLength = 2048): KeyPair {
  const { privateKey, publicKey } =
    modulusLength === 2048 ? newKeyPair() : generateKeyPairSync('rsa', { modulusLength })
  return {
    privateKey,
    publicKey,
    privatePem: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    publicPem: String(publicKey.export({ type: 'spki', format: 'pem' })),
  }
}

export interface PlatformCertificate extends KeyPair {
  serial: string
  pem: string
  notBefore: number
  notAfter: number
}

const root = newKeyPair()

const named = (name: string) => [{ name: 'commonName', value: name }]

/** A platform certificate as WeChat Pay's are: issued by a root that is not sent along. Times in ms, whole seconds. */
export function certificate(
  serial: string,
  { notBefore, notAfter }: { notBefore: number; notAfter: number },
  pair = keyPair(),
): PlatformCertificate {
  const made = forge.pki.createCertificate()
  made.publicKey = forge.pki.publicKeyFromPem(pair.publicPem)
  made.serialNumber = serial.toLowerCase()
  made.validity.notBefore = new Date(notBefore)
  made.validity.notAfter = new Date(notAfter)
  made.setSubject(named('Tenpay.com sign'))
  made.setIssuer(named('Tenpay.com Root CA'))
  signCertificate(made, root.privateKey)
  return { ...pair, serial, pem: forge.pki.certificateToPem(made), notBefore, notAfter }
}

/** The same key in the other armour: `RSA PRIVATE KEY`. */
export const pkcs1 = (pem: string): string =>
  String(createPrivateKey(pem).export({ type: 'pkcs1', format: 'pem' }))
