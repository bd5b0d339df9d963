import type { AlipayApp, AlipayCertificates } from '../config/alipayApp.js'
import {
  type CertificateNames,
  certificateNames,
  certificatesIn,
  joinedByName,
  md5Hex,
  type RsaHash,
  rsaPrivateKey,
  rsaSign,
  type Signable,
} from '../crypto/index.js'
import {
  ALIPAY_KEY_MISSING,
  ALIPAY_KEY_UNREADABLE,
  type ErrorDetails,
  type OpenapiError,
  openapiError,
  UNVERIFIED_ANSWER,
} from '../errors/index.js'

/** The text Alipay signs; `sign_type` counts unless `leaveOut` names it. https://opendocs.alipay.com/common/02kf5q */
export const canonical = (fields: Signable, leaveOut: readonly string[] = []): string =>
  joinedByName(fields, ['sign', ...leaveOut])

/** Always the application's own: no message chooses how it is checked. */
export const hashOf = ({ signType }: AlipayApp): RsaHash => (signType === 'RSA' ? 'sha1' : 'sha256')

/** The application's base64 signature over the UTF-8 bytes of `text`. */
export function signedBy(app: AlipayApp, text: string): string {
  if (app.privateKey === undefined) throw settingMissing(app, 'private key', 'ALIPAY_PRIVATE_KEY')
  return rsaSign(hashOf(app), parsed(app, 'private key', app.privateKey, rsaPrivateKey), text)
}

export interface CertificateParams {
  app_cert_sn?: string
  alipay_root_cert_sn?: string
}

const numbers = new Map<string, CertificateParams>()

/** What certificate mode adds to every request; nothing in key mode. */
export function certificateParams(app: AlipayApp): CertificateParams {
  const { certificates } = app
  if (!certificates) return {}
  const name = `${certificates.app}${certificates.root}`
  const known = numbers.get(name)
  if (known) return known
  const made = parsed(app, 'certificate', certificates, numbersOf)
  numbers.set(name, made)
  return made
}

const numbersOf = ({ app, root }: AlipayCertificates): CertificateParams => ({
  app_cert_sn: fileCertSn(app),
  alipay_root_cert_sn: rootCertSn(root),
})

/**
 * Alipay's own number of a certificate: md5 of the issuer's name, its parts in the reverse of their order in the
 * file, followed by the decimal serial number. https://opendocs.alipay.com/common/057k53
 */
export function certSn({ issuer, serial }: CertificateNames): string {
  const name = [...issuer]
    .reverse()
    .map(([type, value]) => `${type}=${value}`)
    .join(',')
  return md5Hex(`${name}${serial}`)
}

/** Of the first certificate in the file: the leaf, where the file holds a chain. */
export function fileCertSn(file: string): string {
  const [leaf] = certificatesIn(file)
  if (!leaf) throw new Error('no certificate in the file')
  return certSn(certificateNames(leaf))
}

/** RSA, whatever the hash; the root file also holds SM2 and ECDSA certificates, which do not count. */
const RSA_SIGNATURES = '1.2.840.113549.1.1'

/** `alipay_root_cert_sn`: the numbers of the RSA certificates of the root file, in its order. */
export function rootCertSn(file: string): string {
  const numbers = certificatesIn(file)
    .map(certificateNames)
    .filter(({ signatureOid }) => signatureOid.startsWith(RSA_SIGNATURES))
    .map(certSn)
  if (numbers.length === 0) throw new Error('no RSA certificate in the file')
  return numbers.join('_')
}

/** Whoever could change the answer could also have let the request pass. */
export const unverified = (what: string, details: ErrorDetails = {}): OpenapiError =>
  openapiError(UNVERIFIED_ANSWER, { platform: 'Alipay', what, again: 'again' }, details)

/** Runs a parser over something from the settings, and names the setting when it fails. INVALID_SETTING. */
export function parsed<From, To>(app: AlipayApp, what: string, from: From, parse: (from: From) => To): To {
  try {
    return parse(from)
  } catch (cause) {
    throw openapiError(ALIPAY_KEY_UNREADABLE, { what, appId: app.appId }, { cause })
  }
}

/** What an application has to have for this, and where it is set. */
export const settingMissing = ({ appId }: AlipayApp, what: string, settings: string): OpenapiError =>
  openapiError(ALIPAY_KEY_MISSING, { appId, what, settings })
