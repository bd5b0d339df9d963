import { X509Certificate } from 'node:crypto'
import { fileText } from '../../config/fileSetting.js'
import { invalidSetting } from '../../config/index.js'
import { certificatesIn, rsaPrivateKey } from '../../crypto/index.js'
import { openapiError, V2_CERTIFICATE_MISSING } from '../../errors/index.js'
import type { ClientCertificate } from '../../http/http.js'
import type { V2Merchant } from './signature.js'

/** By what was set: neither a file is read nor opened a second time in one process. */
const certificates = new Map<string, Promise<ClientCertificate>>()

/**
 * What the merchant shows WeChat Pay when it asks for a refund or a fund-flow bill: `apiclient_cert.p12`, whose
 * passphrase is the merchant's id, or the two PEM files beside it. `now` in milliseconds. MISSING_SETTING,
 * INVALID_SETTING. https://pay.weixin.qq.com/wiki/doc/api/wxa/wxa_api.php?chapter=4_3
 */
export async function clientCertificate(merchant: V2Merchant, now: number): Promise<ClientCertificate> {
  const { mchId, pfx, cert, certKey } = merchant
  const name = [mchId, pfx, cert, certKey].join('\n')
  const known = certificates.get(name) ?? read(merchant)
  certificates.set(name, known)
  known.catch(() => certificates.delete(name))
  const { cert: pem } = await known
  const { validTo } = new X509Certificate(pem)
  if (Date.parse(validTo) > now) return known
  throw invalidSetting(pfx === undefined ? 'WEIXIN_PAY_CERT' : 'WEIXIN_PAY_PFX', `expired on ${validTo}`)
}

async function read({ mchId, pfx, cert, certKey }: V2Merchant): Promise<ClientCertificate> {
  if (pfx !== undefined) return fromPkcs12(pfx, mchId)
  if (cert !== undefined && certKey !== undefined) return fromPem(cert, certKey)
  const missing =
    cert === undefined ? (certKey === undefined ? undefined : 'WEIXIN_PAY_CERT') : 'WEIXIN_PAY_CERT_KEY'
  const settings = missing ?? 'WEIXIN_PAY_PFX, or WEIXIN_PAY_CERT and WEIXIN_PAY_CERT_KEY'
  throw openapiError(V2_CERTIFICATE_MISSING, { mchId, settings })
}

async function fromPkcs12(pfx: string, mchId: string): Promise<ClientCertificate> {
  const text = fileText('WEIXIN_PAY_PFX', pfx)
  if (text.includes('-----BEGIN')) {
    throw invalidSetting('WEIXIN_PAY_PFX', 'is PEM; set WEIXIN_PAY_CERT and WEIXIN_PAY_CERT_KEY in its place')
  }
  try {
    return await openPkcs12(Buffer.from(text, 'base64'), mchId)
  } catch (cause) {
    if (!(cause instanceof Pkcs12Error)) throw cause
    throw invalidSetting('WEIXIN_PAY_PFX', problems[cause.problem](mchId), cause)
  }
}

const problems: Readonly<Record<Pkcs12Error['problem'], (mchId: string) => string>> = {
  'not PKCS#12': () => 'not a PKCS#12 file',
  'wrong passphrase': (mchId) =>
    `does not open with the merchant id ${mchId}, which is its passphrase: another merchant's file, or a changed one`,
  incomplete: () => 'holds no private key with its certificate',
}

function fromPem(cert: string, certKey: string): ClientCertificate {
  const key = parsed('WEIXIN_PAY_CERT_KEY', certKey, rsaPrivateKey)
  const certificate = parsed('WEIXIN_PAY_CERT', cert, (text) => {
    const [first] = certificatesIn(text)
    return new X509Certificate(first ?? '')
  })
  if (!certificate.checkPrivateKey(key)) {
    throw invalidSetting('WEIXIN_PAY_CERT_KEY', 'is not the key of the certificate in WEIXIN_PAY_CERT')
  }
  return { cert: certificate.toString(), key: key.export({ type: 'pkcs8', format: 'pem' }).toString() }
}

function parsed<Part>(
  setting: 'WEIXIN_PAY_CERT' | 'WEIXIN_PAY_CERT_KEY',
  value: string,
  parse: (text: string) => Part,
): Part {
  const text = fileText(setting, value)
  try {
    return parse(text)
  } catch (cause) {
    throw invalidSetting(setting, 'cannot be read', cause)
  }
}

/** A certificate and its private key, both PEM. */
export interface PemPair {
  cert: string
  key: string
}

/** Why a file did not open. */
export class Pkcs12Error extends Error {
  override readonly name = 'Pkcs12Error'

  constructor(
    readonly problem: 'not PKCS#12' | 'wrong passphrase' | 'incomplete',
    options?: ErrorOptions,
  ) {
    super(problem, options)
  }
}

/**
 * Opens a `.p12` file. WeChat Pay's are encrypted with 40-bit RC2, which OpenSSL 3 (Node 17 and later) refuses to
 * read: node-forge does. It loads here, since only refunds and fund-flow bills need it. Throws {@link Pkcs12Error}.
 */
export async function openPkcs12(file: Buffer, passphrase: string): Promise<PemPair> {
  const { default: forge } = await import('node-forge')
  const { pki } = forge
  const bags = bagsIn(forge, file, passphrase)
  const key = bags.find((bag) => bag.key)?.key
  // The file may hold the authority's certificates too: the merchant's own is the one the key belongs to.
  const own = bags.find(
    ({ cert }) => cert && key && pki.publicKeyToPem(cert.publicKey) === publicPem(forge, key),
  )
  if (!key || !own?.cert) throw new Pkcs12Error('incomplete')
  return { cert: pki.certificateToPem(own.cert), key: pki.privateKeyToPem(key) }
}

type Forge = typeof import('node-forge')
type Bag = import('node-forge').pkcs12.Bag

function bagsIn({ asn1, pkcs12 }: Forge, file: Buffer, passphrase: string): Bag[] {
  try {
    const structure = asn1.fromDer(file.toString('latin1'), true)
    return pkcs12
      .pkcs12FromAsn1(structure, false, passphrase)
      .safeContents.flatMap(({ safeBags }) => safeBags)
  } catch (cause) {
    const isLocked = /MAC could not be verified|decrypt/.test(String(cause))
    throw new Pkcs12Error(isLocked ? 'wrong passphrase' : 'not PKCS#12', { cause })
  }
}

const publicPem = ({ pki }: Forge, { n, e }: import('node-forge').pki.rsa.PrivateKey): string =>
  pki.publicKeyToPem(pki.setRsaPublicKey(n, e))
