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
 * `alipayRootCert.crt` as the console hands it out: an SM2 certificate first, then others, with blank lines in between.
 * Those of RSA alone count for the number.
 */
export function rootFile(): Certified {
  const roots = [
    authority(ROOT, ROOT, '10'),
    authority(OTHER_ROOT, OTHER_ROOT, '5f00000000000000000000000000aaaa'),
  ]
  const [first, second] = roots.map(({ pem }) => pem)
  const file = [SM2_ROOT, first, ELLIPTIC_ROOT, second].join('\n')
  return { pem: file, sn: roots.map(({ sn }) => sn).join('_') }
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

/** As the first certificate of the real file: SM2, signed with SM3. Made once with OpenSSL, its key thrown away. */
const SM2_ROOT = `-----BEGIN CERTIFICATE-----
MIIB6jCCAY+gAwIBAgIIaeL+wBcKxnswCgYIKoEcz1UBg3UwTzELMAkGA1UEBhMC
Q04xKTAnBgNVBAoMIHVuaWNsb3VkLW9wZW5hcGkgbG9jYWwgcGxhdGZvcm1zMRUw
EwYDVQQDDAxMb2NhbCBST09UQ0EwIBcNMjYxMTMwMjE1OTUwWhgPMjEwMDExMDIy
MTU5NTBaME8xCzAJBgNVBAYTAkNOMSkwJwYDVQQKDCB1bmljbG91ZC1vcGVuYXBp
IGxvY2FsIHBsYXRmb3JtczEVMBMGA1UEAwwMTG9jYWwgUk9PVENBMFkwEwYHKoZI
zj0CAQYIKoEcz1UBgi0DQgAEAfM9MmNO3jY13td/Sp3vsfuGCPx5oRqIRHRsgJzJ
vO6O56Jl2ynKBEPv7qvAmQN3lHJMK6HrOe6wuzUOFajOnKNTMFEwHQYDVR0OBBYE
FJLLlh8LzP722hKlEQ9TugoAgGITMB8GA1UdIwQYMBaAFJLLlh8LzP722hKlEQ9T
ugoAgGITMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoEcz1UBg3UDSQAwRgIhAOZ6ND02
fqKgt2vlmNadZwX68WCQYmQ+y6jM2t6HXRkTAiEA6mYNBnfC91TDFhQkfZZa3ugt
0pD1Bjc+cam2+g00tLc=
-----END CERTIFICATE-----
`
