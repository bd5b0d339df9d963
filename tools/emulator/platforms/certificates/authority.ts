import { type KeyObject, sign } from 'node:crypto'
import forge from 'node-forge'
import { type KeyPair, keyPair, publicPem } from './keys.js'

const { pki } = forge

export interface CertificateRequest {
  /** The common name. */
  name: string
  /** 40 upper-case hex digits, the first of them from 1 to 7. */
  serialNo: string
  keys: KeyPair
  /** Milliseconds since the epoch; by default from 2000 to 2100, since the clock may stand anywhere. */
  from?: number
  until?: number
}

type Attributes = { shortName: string; value: string }[]
type Extensions = Parameters<forge.pki.Certificate['setExtensions']>[0]

const AUTHORITY_SERIAL = '4C6F63616C547769'.padEnd(40, '0')

const named = (name: string): Attributes => [
  { shortName: 'C', value: 'CN' },
  { shortName: 'O', value: 'unicloud-openapi local platforms' },
  { shortName: 'CN', value: name },
]

/** It certifies others and answers TLS on this machine under its own certificate. */
const authorityExtensions: Extensions = [
  { name: 'basicConstraints', cA: true, critical: true },
  { name: 'keyUsage', keyCertSign: true, digitalSignature: true, keyEncipherment: true },
  { name: 'subjectKeyIdentifier' },
  {
    name: 'subjectAltName',
    altNames: [
      { type: 2, value: 'localhost' },
      { type: 7, ip: '127.0.0.1' },
      { type: 7, ip: '::1' },
    ],
  },
]

let authority: { pem: string; keys: KeyPair } | undefined

/** The authority of the local platforms, made at its first use. */
export function localAuthority(): { readonly pem: string; readonly keys: KeyPair } {
  if (authority) return authority
  const keys = keyPair('authority')
  const request = { name: AUTHORITY_NAME, serialNo: AUTHORITY_SERIAL, keys }
  authority = { keys, pem: certify(request, keys, authorityExtensions) }
  return authority
}

const AUTHORITY_NAME = 'LocalPlatforms Root CA'

/** A certificate of the local platforms' authority, as PEM. */
export const issue = (request: CertificateRequest): string =>
  certify(request, localAuthority().keys, [
    { name: 'basicConstraints', cA: false },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, dataEncipherment: true },
  ])

function certify(
  { name, serialNo, keys, from, until }: CertificateRequest,
  by: KeyPair,
  extensions: Extensions,
): string {
  const certificate = pki.createCertificate()
  certificate.publicKey = pki.publicKeyFromPem(publicPem(keys))
  certificate.serialNumber = serialNo.toLowerCase()
  certificate.validity.notBefore = new Date(from ?? Date.UTC(2000, 0, 1))
  certificate.validity.notAfter = new Date(until ?? Date.UTC(2100, 0, 1))
  certificate.setSubject(named(name))
  certificate.setIssuer(named(AUTHORITY_NAME))
  certificate.setExtensions(extensions)
  signCertificate(certificate, by.privateKey)
  return pki.certificateToPem(certificate).replaceAll('\r\n', '\n')
}

/**
 * Signs it with RSA and SHA-256. Node does the arithmetic, since node-forge's own takes fifty times as long; of the key
 * that it is handed node-forge asks for the signature alone.
 */
export function signCertificate(certificate: forge.pki.Certificate, by: KeyObject): void {
  const key = {
    sign: () => sign('sha256', bytesToSign(certificate), by).toString('latin1'),
  }
  certificate.sign(key as unknown as forge.pki.rsa.PrivateKey, forge.md.sha256.create())
}

function bytesToSign(certificate: forge.pki.Certificate): Buffer {
  // node-forge has put it there before it asks for the signature; its types do not say so.
  const { tbsCertificate } = certificate as unknown as { tbsCertificate: forge.asn1.Asn1 }
  return Buffer.from(forge.asn1.toDer(tbsCertificate).getBytes(), 'latin1')
}
