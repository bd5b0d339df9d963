import type { X509Certificate } from 'node:crypto'
import type { AlipayCertificates } from '../../config/alipayApp.js'
import {
  type CertificateNames,
  certificateNames,
  certificatesIn,
  leadsToRoot,
  parsedCertificate,
} from '../../crypto/index.js'
import { readJson } from '../../json.js'
import { type AlipayClient, sendSigned } from '../request.js'
import { certSn } from '../signature.js'

/** What Alipay answered when it was asked for one of its certificates; nothing about it is proved. */
interface DownloadedCertificate {
  /** A chain; empty where there is no such certificate. */
  pem: string
  /** The number of the certificate with which the answer was signed. */
  signer?: string | undefined
}

/** Asks Alipay for one of its certificates. https://opendocs.alipay.com/common/06ue2z */
export async function downloadCertificate(
  client: AlipayClient,
  certSn: string,
): Promise<DownloadedCertificate> {
  const request = {
    method: 'alipay.open.app.alipaycert.download',
    bizContent: { alipay_cert_sn: certSn },
  }
  const { value, certSn: signer } = await sendSigned(client, request)
  return { pem: contentOf(value), signer }
}

function contentOf(value: Buffer): string {
  try {
    const { alipay_cert_content: content } = readJson(value.toString('utf8')) as Record<string, unknown>
    return typeof content === 'string' ? Buffer.from(content, 'base64').toString('utf8') : ''
  } catch {
    return ''
  }
}

/**
 * The first certificate of `file`, if it may be trusted as Alipay's at `now` (ms): it has the number `wanted`,
 * leads to the root file and was issued to whom the configured one was issued to. Where it came from proves nothing:
 * Alipay signs the answer that holds it with that same certificate, and a database is no authority.
 * https://opendocs.alipay.com/common/06ue2z
 */
export function trustedCertificate(
  { alipay, root }: AlipayCertificates,
  file: string,
  wanted: string,
  now: number,
): X509Certificate | undefined {
  const [leaf, ...between] = readable(file)
  const [configured, ...known] = readable(alipay)
  const roots = readable(root).map(({ certificate }) => certificate)
  if (!leaf || !configured || certSn(leaf.names) !== wanted) return undefined
  // Every merchant's application certificate leads to the same roots: the holder has to be the same as before.
  if (holder(leaf.names) !== holder(configured.names)) return undefined
  const path = [...between, ...known].map(({ certificate }) => certificate)
  return leadsToRoot(leaf.certificate, [...path, ...roots], roots, now) ? leaf.certificate : undefined
}

const holder = ({ subject }: CertificateNames): string | undefined =>
  subject.find(([type]) => type === 'CN')?.[1]

interface Readable {
  certificate: X509Certificate
  names: CertificateNames
}

function readable(file: string): Readable[] {
  return certificatesIn(file).flatMap((der) => {
    const certificate = parsedCertificate(der)
    return certificate ? [{ certificate, names: certificateNames(der) }] : []
  })
}
