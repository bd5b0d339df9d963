import { createHash } from 'node:crypto'
import forge from 'node-forge'
import { type KeyPair, keyPair, publicPem, signCertificate } from '../../certificates/index.js'

/** A certificate with Alipay's own number of it. */
export interface Certified {
  pem: string
  sn: string
}

interface Wish {
  subject: Name
  issuer: Name
  keys: KeyPair
  /** Hexadecimal, the first digit from 1 to 7. */
  serial: string
  isAuthority?: boolean
}

/** Country, organisation, unit, name: the order in the file, which Alipay's numbers reverse. */
type Name = readonly (readonly [type: string, value: string])[]

const nameOf = (commonName: string, organisation = 'unicloud-openapi local platforms'): Name => [
  ['C', 'CN'],
  ['O', organisation],
  ['OU', 'Certification Authority'],
  ['CN', commonName],
]

const ROOT = nameOf('LocalPlatforms Ant Certification Authority R1')
const OTHER_ROOT = nameOf('LocalPlatforms Ant Certification Authority R2')
const CLASS1 = nameOf('LocalPlatforms Ant Class 1 R1')
const CLASS2 = nameOf('LocalPlatforms Ant Class 2 R1')

const MERCHANT = '杭州某某科技有限公司'
const ALIPAY = '支付宝(中国)网络技术有限公司'

/** An authority's, by the last and only part of its name that differs. */
const keysOf = (name: Name): KeyPair => keyPair(`alipay ${name.at(-1)?.[1]}`)

const authority = (subject: Name, issuer: Name, serial: string): Certified =>
  certify({ subject, issuer, keys: keysOf(subject), serial, isAuthority: true })

/**
 * `alipayRootCert.crt`: several certificates with Windows line ends, of which those of RSA count for the number and
 * the one of another kind does not.
 */
export function rootFile(): Certified {
  const roots = [
    authority(ROOT, ROOT, '10'),
    authority(OTHER_ROOT, OTHER_ROOT, '5f00000000000000000000000000aaaa'),
  ]
  const [first, second] = roots.map(({ pem }) => pem)
  const file = `${first}${ELLIPTIC_ROOT}${second}`
  return { pem: file.replaceAll('\n', '\r\n'), sn: roots.map(({ sn }) => sn).join('_') }
}

/** `appCertPublicKey_<appid>.crt`: the application's certificate alone. */
export const applicationFile = (sellerId: string, appId: string, keys: KeyPair): Certified =>
  certify({
    subject: nameOf(`${sellerId}-${appId}`, MERCHANT),
    issuer: CLASS1,
    keys,
    serial: '20200515000000000000000000000b2d',
  })

/** `alipayCertPublicKey_RSA2.crt`: Alipay's certificate for this merchant, and the one that certifies it. */
export function alipayFile(sellerId: string, keys: KeyPair, generation: number): Certified {
  const serial = `2020051400000000000000000000${String(generation).padStart(4, '0')}`
  const leaf = certify({ subject: nameOf(`${ALIPAY}-${sellerId}`, MERCHANT), issuer: CLASS2, keys, serial })
  return { pem: `${leaf.pem}${authority(CLASS2, ROOT, '12').pem}`, sn: leaf.sn }
}

function certify({ subject, issuer, keys, serial, isAuthority: cA = false }: Wish): Certified {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicPem(keys))
  certificate.serialNumber = serial
  certificate.validity.notBefore = new Date(Date.UTC(2000, 0, 1))
  certificate.validity.notAfter = new Date(Date.UTC(2100, 0, 1))
  certificate.setSubject(attributesOf(subject))
  certificate.setIssuer(attributesOf(issuer))
  certificate.setExtensions([
    { name: 'basicConstraints', cA },
    { name: 'keyUsage', keyCertSign: cA, digitalSignature: !cA },
  ])
  signCertificate(certificate, keysOf(issuer).privateKey)
  const pem = forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n')
  return { pem, sn: numberOf(issuer, serial) }
}

/** md5 of the issuer's name, backwards, and the serial number in decimal digits. */
function numberOf(issuer: Name, serial: string): string {
  const name = issuer.map(([type, value]) => `${type}=${value}`).reverse()
  return createHash('md5')
    .update(`${name.join(',')}${BigInt(`0x${serial}`)}`)
    .digest('hex')
}

const attributesOf = (name: Name) =>
  name.map(([shortName, value]) => ({
    shortName,
    value,
    valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class,
  }))

/**
 * A root certificate that is not of RSA, as Alipay's root file holds some; made once with OpenSSL, its key thrown
 * away. Nothing is certified by it.
 */
export const ELLIPTIC_ROOT = `-----BEGIN CERTIFICATE-----
MIICGTCCAb+gAwIBAgIUUcVFneBvIbk8L3yj3KB8t29qaG4wCgYIKoZIzj0EAwIw
YTELMAkGA1UEBhMCQ04xHjAcBgNVBAoMFXVuaWNsb3VkLW9wZW5hcGkgdHdpbjEg
MB4GA1UECwwXQ2VydGlmaWNhdGlvbiBBdXRob3JpdHkxEDAOBgNVBAMMB1R3aW4g
RTEwIBcNMjYxMTIxMDEzNTU4WhgPMjEwMDEwMjQwMTM1NThaMGExCzAJBgNVBAYT
AkNOMR4wHAYDVQQKDBV1bmljbG91ZC1vcGVuYXBpIHR3aW4xIDAeBgNVBAsMF0Nl
cnRpZmljYXRpb24gQXV0aG9yaXR5MRAwDgYDVQQDDAdUd2luIEUxMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAEUHDGLa1HwToXBtY9NC3Mc4kjhpVNGiwaPYIn9WcQ
NBEclzjO0/sVjdjj0ZsF7/qbVs/kLSEACEYtE7oNTU1cXKNTMFEwHQYDVR0OBBYE
FAgfTyzlGuIasLxO8+zOgI5fJz4oMB8GA1UdIwQYMBaAFAgfTyzlGuIasLxO8+zO
gI5fJz4oMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgAZlOzyI3
wFbkLhFx4f0oR9u2gltwXayTFJshjfjSJ7kCIQCAcxXAO7or0daMfwH9HO1i6730
SiHBnOiTs6OLQWDoqQ==
-----END CERTIFICATE-----
`
