import { type CertificateNames, certificateNames, certificatesIn, md5Hex } from '../../crypto/index.js'

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
