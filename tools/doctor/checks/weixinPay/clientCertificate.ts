import { X509Certificate } from 'node:crypto'
import { fileText } from '../../../../shared/config/fileSetting.js'
import type { WeixinMerchant } from '../../../../shared/config/weixinMerchant.js'
import { certificateNames, certificatesIn, rsaPrivateKey } from '../../../../shared/crypto/index.js'
import { openPkcs12, Pkcs12Error } from '../../../../shared/payment/weixin-v2/certificate.js'
import type { Doctor } from '../../doctor.js'
import { expiryOf } from '../../expiry.js'

export type ClientProblem =
  | 'half'
  | 'unreadable'
  | 'is-pem'
  | 'not-pkcs12'
  | 'wrong-passphrase'
  | 'incomplete'
  | 'key-mismatch'

export interface ClientPair {
  certificate: X509Certificate
  /** PEM. */
  key: string
  isRc2: boolean
}

/** Why a merchant's client certificate cannot be used. `settingName` is the setting at fault. */
export class ClientCertificateProblem extends Error {
  constructor(
    readonly problem: ClientProblem,
    readonly settingName: string,
  ) {
    super(problem)
  }
}

/**
 * The certificate with which a merchant refunds over V2. Read as the functions read it, but with a code for each cause;
 * undefined where none is set. Throws {@link ClientCertificateProblem}.
 */
export async function clientPair(merchant: WeixinMerchant): Promise<ClientPair | undefined> {
  const { pfx, cert, certKey, mchId } = merchant
  if (pfx !== undefined) return fromPfx(pfx, mchId)
  if (cert === undefined && certKey === undefined) return undefined
  if (cert === undefined) throw new ClientCertificateProblem('half', 'WEIXIN_PAY_CERT')
  if (certKey === undefined) throw new ClientCertificateProblem('half', 'WEIXIN_PAY_CERT_KEY')
  return fromPem(cert, certKey)
}

/** The common name in a merchant's certificate is its merchant number. */
export const ownerOf = ({ certificate }: ClientPair): string | undefined =>
  certificateNames(certificate.raw).subject.find(([type]) => type === 'CN')?.[1]

/** The certificate, if nothing that can be checked without WeChat Pay is wrong with it. */
export async function soundPair(
  { clock }: Doctor,
  merchant: WeixinMerchant,
): Promise<ClientPair | undefined> {
  try {
    const pair = await clientPair(merchant)
    const isOurs = pair !== undefined && [undefined, merchant.mchId].includes(ownerOf(pair))
    return isOurs && expiryOf(pair.certificate, clock).state !== 'expired' ? pair : undefined
  } catch (error) {
    if (error instanceof ClientCertificateProblem) return undefined
    throw error
  }
}

const problems = {
  'not PKCS#12': 'not-pkcs12',
  'wrong passphrase': 'wrong-passphrase',
  incomplete: 'incomplete',
} as const

async function fromPfx(pfx: string, mchId: string): Promise<ClientPair> {
  const text = reading('WEIXIN_PAY_PFX', () => fileText('WEIXIN_PAY_PFX', pfx))
  if (text.includes('-----BEGIN')) throw new ClientCertificateProblem('is-pem', 'WEIXIN_PAY_PFX')
  const file = Buffer.from(text, 'base64')
  try {
    const { cert, key } = await openPkcs12(file, mchId)
    return { certificate: new X509Certificate(cert), key, isRc2: file.includes(RC2_40) }
  } catch (error) {
    if (!(error instanceof Pkcs12Error)) throw error
    throw new ClientCertificateProblem(problems[error.problem], 'WEIXIN_PAY_PFX')
  }
}

/** 1.2.840.113549.1.12.1.6, pbeWithSHAAnd40BitRC2-CBC. https://www.rfc-editor.org/rfc/rfc7292#appendix-C */
const RC2_40 = Buffer.from('2a864886f70d010c0106', 'hex')

function fromPem(cert: string, certKey: string): ClientPair {
  const certificate = reading(
    'WEIXIN_PAY_CERT',
    () => new X509Certificate(certificatesIn(fileText('WEIXIN_PAY_CERT', cert))[0] ?? ''),
  )
  const key = reading('WEIXIN_PAY_CERT_KEY', () => rsaPrivateKey(fileText('WEIXIN_PAY_CERT_KEY', certKey)))
  if (!certificate.checkPrivateKey(key)) {
    throw new ClientCertificateProblem('key-mismatch', 'WEIXIN_PAY_CERT_KEY')
  }
  return { certificate, key: key.export({ type: 'pkcs8', format: 'pem' }).toString(), isRc2: false }
}

function reading<Part>(
  name: 'WEIXIN_PAY_PFX' | 'WEIXIN_PAY_CERT' | 'WEIXIN_PAY_CERT_KEY',
  read: () => Part,
): Part {
  try {
    return read()
  } catch {
    throw new ClientCertificateProblem('unreadable', name)
  }
}
