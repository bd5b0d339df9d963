import type { KeyObject, X509Certificate } from 'node:crypto'
import type { AlipayApp, AlipayCertificates } from '../config/alipayApp.js'
import {
  type CertificateNames,
  certificateNames,
  certificatesIn,
  leadsToRoot,
  parsedCertificate,
} from '../crypto/index.js'
import { certSn } from './certSn.js'
import { type AlipayOutside, exchange } from './exchange.js'

/** Who named a certificate: Alipay itself, in an answer over TLS, or whoever called us. */
export type Sender = 'Alipay' | 'anybody'

/** Anybody can invent numbers: for their sake each instance asks Alipay at most this often. */
const PAUSE_MS = 30_000

const lastAsked = new Map<string, number>()
const underWay = new Map<string, Promise<KeyObject | undefined>>()

/**
 * The key of an Alipay certificate this application has not seen, fetched from Alipay. The answer is signed with that
 * same certificate, so its signature proves nothing: what counts is that the certificate has the number asked for,
 * leads to the root file and was issued to whom the configured one was issued to. Undefined when it does not, or when
 * Alipay was asked a moment ago. https://opendocs.alipay.com/common/06ue2z
 */
export async function downloadedKey(
  app: AlipayApp,
  certificates: AlipayCertificates,
  { certSn: wanted, sender }: { certSn: string; sender: Sender },
  outside: AlipayOutside,
): Promise<KeyObject | undefined> {
  const name = `${app.appId} ${wanted}`
  const running = underWay.get(name)
  if (running) return running
  const now = outside.clock.now()
  if (sender === 'anybody' && !isAskingAllowed(app.appId, now)) return undefined
  const request = { method: 'alipay.open.app.alipaycert.download', bizContent: { alipay_cert_sn: wanted } }
  const asking = exchange(app, request, outside)
    .then(({ value }) => trustedKey(certificates, contentOf(value), wanted, now))
    .finally(() => underWay.delete(name))
  underWay.set(name, asking)
  return asking
}

function isAskingAllowed(appId: string, now: number): boolean {
  const last = lastAsked.get(appId)
  if (last !== undefined && Math.abs(now - last) < PAUSE_MS) return false
  lastAsked.set(appId, now)
  return true
}

function contentOf(value: Buffer): string {
  try {
    const { alipay_cert_content: content } = JSON.parse(value.toString('utf8')) as Record<string, unknown>
    return typeof content === 'string' ? Buffer.from(content, 'base64').toString('utf8') : ''
  } catch {
    return ''
  }
}

function trustedKey(
  { alipay, root }: AlipayCertificates,
  file: string,
  wanted: string,
  now: number,
): KeyObject | undefined {
  const [leaf, ...between] = readable(file)
  const [configured, ...known] = readable(alipay)
  const roots = readable(root).map(({ certificate }) => certificate)
  if (!leaf || !configured || certSn(leaf.names) !== wanted) return undefined
  // Every merchant's application certificate leads to the same roots: the holder has to be the same as before.
  if (holder(leaf.names) !== holder(configured.names)) return undefined
  const path = [...between, ...known].map(({ certificate }) => certificate)
  return leadsToRoot(leaf.certificate, [...path, ...roots], roots, now)
    ? leaf.certificate.publicKey
    : undefined
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
