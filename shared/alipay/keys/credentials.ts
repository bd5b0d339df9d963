import type { AlipayApp, AlipayCertificates } from '../../config/alipayApp.js'
import { type RsaHash, rsaPrivateKey, rsaSign } from '../../crypto/index.js'
import { OpenapiError } from '../../errors/index.js'
import { fileCertSn, rootCertSn } from './certSn.js'

/** Always the application's own: no message chooses how it is checked. */
export const hashOf = ({ signType }: AlipayApp): RsaHash => (signType === 'RSA' ? 'sha1' : 'sha256')

/** The application's base64 signature over the UTF-8 bytes of `text`. */
export function signedBy(app: AlipayApp, text: string): string {
  if (app.privateKey === undefined) throw lacking(app, 'private key', 'ALIPAY_PRIVATE_KEY')
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

/** Runs a parser over something from the settings, and blames the settings when it fails. */
export function parsed<From, To>(app: AlipayApp, what: string, from: From, parse: (from: From) => To): To {
  try {
    return parse(from)
  } catch (cause) {
    throw new OpenapiError({
      errCode: 'INVALID_SETTING',
      errMsg: `the ${what} of Alipay application ${app.appId} cannot be read: expected PEM or its base64`,
      advice: 'fix the settings',
      status: 500,
      cause,
    })
  }
}

export const lacking = ({ appId }: AlipayApp, what: string, settings: string): OpenapiError =>
  new OpenapiError({
    errCode: 'MISSING_SETTING',
    errMsg: `Alipay application ${appId} has no ${what}: set ${settings}, or its like in ALIPAY_APPS`,
    advice: 'fix the settings',
    status: 500,
  })
