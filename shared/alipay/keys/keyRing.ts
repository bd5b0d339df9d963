import type { KeyObject } from 'node:crypto'
import { type CertificateSource, processCertificates, storedCertificates } from '../../certificates/source.js'
import type { AlipayApp, AlipayCertificates } from '../../config/alipayApp.js'
import { rsaPublicKey } from '../../crypto/index.js'
import type { AlipayOutside } from '../exchange.js'
import { downloadCertificate } from './certificateDownload.js'
import { fileCertSn } from './certSn.js'
import { parsed } from './credentials.js'
import { trustedCertificate } from './trustedCertificate.js'

/** Who named a certificate: Alipay itself, in an answer over TLS, or whoever called us. */
export type Sender = 'Alipay' | 'anybody'

/** An application in certificate mode. */
export type CertifiedApp = AlipayApp & { certificates: AlipayCertificates }

const PROVIDER = 'alipay'

/** Alipay's keys by certificate number: the one in the settings, and those this process has met. */
const rings = new Map<string, Map<string, KeyObject>>()

export function ringOf(app: CertifiedApp): Map<string, KeyObject> {
  const { alipay, root } = app.certificates
  const name = `${app.appId}${alipay}${root}`
  const known = rings.get(name)
  if (known) return known
  const [serial, key] = parsed(app, 'Alipay certificate', alipay, (file) => [
    fileCertSn(file),
    rsaPublicKey(file),
  ])
  const ring = new Map([[serial, key]])
  rings.set(name, ring)
  return ring
}

/** An md5; nothing else is worth asking for. */
const CERT_SN = /^[0-9a-f]{32}$/

/**
 * The key of one of Alipay's certificates by its number: known here, kept by another instance, or fetched from Alipay.
 * Undefined when there is no such certificate that is to be trusted, or when too many unknown ones were named.
 */
export async function keyOf(
  app: CertifiedApp,
  certSn: string,
  sender: Sender,
  dependencies: AlipayOutside,
): Promise<KeyObject | undefined> {
  if (!CERT_SN.test(certSn)) return undefined
  const ring = ringOf(app)
  if (!ring.has(certSn)) await meetKept(app, dependencies)
  if (!ring.has(certSn)) await fetchOnce(app, certSn, sender, dependencies)
  return ring.get(certSn)
}

/** Lets this process know every certificate that any instance has learnt of. */
export async function meetKept(app: CertifiedApp, dependencies: AlipayOutside): Promise<void> {
  const ring = ringOf(app)
  // Without them a certificate is merely fetched again: a store that is down spoils no answer of Alipay's.
  const kept = await sourceOf(app, dependencies)
    .list()
    .catch(() => [])
  for (const { serial, pem } of kept.filter((each) => !ring.has(each.serial))) {
    const certificate = trustedCertificate(app.certificates, pem, serial, dependencies.clock.now())
    if (certificate) ring.set(serial, certificate.publicKey)
  }
}

/** Lets this process know the certificate that Alipay signs with now, as far as Alipay may be asked for anybody's sake. */
export async function meetCurrent(app: CertifiedApp, dependencies: AlipayOutside): Promise<void> {
  await fetchOnce(app, fileCertSn(app.certificates.alipay), 'anybody', dependencies)
}

function sourceOf({ appId, gateway }: AlipayApp, dependencies: AlipayOutside): CertificateSource {
  const { store, hasStore = store !== undefined } = dependencies
  return store && hasStore
    ? storedCertificates(store, PROVIDER, appId)
    : processCertificates(PROVIDER, appId, gateway)
}

const underWay = new Map<string, Promise<unknown>>()

/**
 * Those who meet a certificate at once wait for one download. One that fails leaves the certificate unknown: its own
 * outcome says nothing of the message that is waiting to be verified.
 */
function fetchOnce(
  app: CertifiedApp,
  certSn: string,
  sender: Sender,
  dependencies: AlipayOutside,
): Promise<unknown> {
  const name = `${app.appId} ${certSn} ${sender}`
  const running = underWay.get(name)
  if (running) return running
  const fetching = (sender === 'Alipay' ? fetchCertificate : fetchForAnybody)(app, certSn, dependencies)
    .catch(() => undefined)
    .finally(() => underWay.delete(name))
  underWay.set(name, fetching)
  return fetching
}

/**
 * Anybody can invent numbers: for their sake Alipay is asked once a minute by all instances together. Whatever the
 * number was, the answer names the certificate that Alipay signs with now, and that one is learnt as well: so invented
 * numbers, however many, do not keep the real one from being known.
 */
async function fetchForAnybody(
  app: CertifiedApp,
  certSn: string,
  dependencies: AlipayOutside,
): Promise<void> {
  if (!(await sourceOf(app, dependencies).takeDownload(dependencies.clock.now()))) return
  const signer = await fetchCertificate(app, certSn, dependencies)
  if (signer !== undefined) await keyOf(app, signer, 'Alipay', dependencies)
}

/** Asks Alipay for a certificate and keeps it if it is to be trusted. Answers the number of the answer's own signer. */
async function fetchCertificate(
  app: CertifiedApp,
  certSn: string,
  dependencies: AlipayOutside,
): Promise<string | undefined> {
  const { pem, signer } = await downloadCertificate(app, certSn, dependencies)
  const certificate = trustedCertificate(app.certificates, pem, certSn, dependencies.clock.now())
  if (certificate) {
    ringOf(app).set(certSn, certificate.publicKey)
    const [notBefore, notAfter] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]
    const record = { provider: PROVIDER, merchantId: app.appId, serial: certSn, pem, notBefore, notAfter }
    await sourceOf(app, dependencies)
      .put(record)
      .catch(() => undefined)
  }
  return signer
}
