import type { KeyObject } from 'node:crypto'
import { type CertificateSource, certificateSource } from '../../certificates/source.js'
import type { AlipayApp, AlipayCertificates } from '../../config/alipayApp.js'
import { rsaPublicKey } from '../../crypto/index.js'
import type { AlipayClient } from '../request.js'
import { fileCertSn, parsed } from '../signature.js'

/**
 * Where a message came from that names a certificate: an answer to our own request over TLS, or a call from outside,
 * whose numbers may be made up.
 */
export type MessageOrigin = 'answer' | 'call'

/** An application in certificate mode. */
export type CertifiedApp = AlipayApp & { certificates: AlipayCertificates }

export type CertifiedClient = AlipayClient & { app: CertifiedApp }

/** Alipay's keys by certificate number: the one in the settings, and those this process has met since. */
const keysByApp = new Map<string, Map<string, KeyObject>>()

/** The keys of one application that are known in this process, by certificate number. */
export function certificateKeys(app: CertifiedApp): Map<string, KeyObject> {
  const { alipay, root } = app.certificates
  const name = `${app.appId}${alipay}${root}`
  const known = keysByApp.get(name)
  if (known) return known
  const [serial, key] = parsed(app, 'Alipay certificate', alipay, (file) => [
    fileCertSn(file),
    rsaPublicKey(file),
  ])
  const keys = new Map([[serial, key]])
  keysByApp.set(name, keys)
  return keys
}

/** An md5; nothing else is worth asking for. */
const CERT_SN = /^[0-9a-f]{32}$/

/**
 * The key of one of Alipay's certificates by its number: known here, stored by another instance, or fetched from
 * Alipay. Undefined when there is no such certificate that may be trusted, or when too many unknown ones were named.
 */
export async function keyOf(
  client: CertifiedClient,
  certSn: string,
  from: MessageOrigin,
): Promise<KeyObject | undefined> {
  if (!CERT_SN.test(certSn)) return undefined
  const keys = certificateKeys(client.app)
  if (!keys.has(certSn)) await addStored(client)
  if (!keys.has(certSn)) await fetchOnce(client, certSn, from)
  return keys.get(certSn)
}

/** Adds the certificates that any instance has stored. */
export async function addStored({ app, dependencies }: CertifiedClient): Promise<void> {
  const { trustedCertificate } = await import('./certificates.js')
  const keys = certificateKeys(app)
  // Without them a certificate is merely fetched again: a store that is down spoils no answer of Alipay's.
  const stored = await sourceOf({ app, dependencies })
    .list()
    .catch(() => [])
  for (const { serial, pem } of stored.filter((each) => !keys.has(each.serial))) {
    const certificate = trustedCertificate(app.certificates, pem, serial, dependencies.clock.now())
    if (certificate) keys.set(serial, certificate.publicKey)
  }
}

/** Adds the certificate that Alipay signs with now, if Alipay may be asked again yet. */
export async function addCurrent(client: CertifiedClient): Promise<void> {
  await fetchOnce(client, fileCertSn(client.app.certificates.alipay), 'call')
}

const sourceOf = ({ app, dependencies }: AlipayClient): CertificateSource =>
  certificateSource(dependencies, 'alipay', app.appId, app.gateway)

const underWay = new Map<string, Promise<unknown>>()

/**
 * Calls that need the same certificate at once share one download. One that fails leaves the certificate unknown: its
 * own outcome says nothing of the message that is waiting to be verified.
 */
function fetchOnce(client: CertifiedClient, certSn: string, from: MessageOrigin): Promise<unknown> {
  const name = `${client.app.appId} ${certSn} ${from}`
  const running = underWay.get(name)
  if (running) return running
  const fetching = (from === 'answer' ? fetchCertificate : fetchWithinLimit)(client, certSn)
    .catch(() => undefined)
    .finally(() => underWay.delete(name))
  underWay.set(name, fetching)
  return fetching
}

/**
 * A caller can make up numbers, so for calls Alipay is asked once a minute by all instances together. Whatever the
 * number was, the answer names the certificate that Alipay signs with now, and that one is added as well: so made-up
 * numbers, however many, do not keep the real one from being known.
 */
async function fetchWithinLimit(client: CertifiedClient, certSn: string): Promise<void> {
  if (!(await sourceOf(client).takeDownload(client.dependencies.clock.now()))) return
  const signer = await fetchCertificate(client, certSn)
  if (signer !== undefined) await keyOf(client, signer, 'answer')
}

/** Asks Alipay for a certificate and keeps it if it may be trusted. Answers the number of the answer's own signer. */
async function fetchCertificate(client: CertifiedClient, certSn: string): Promise<string | undefined> {
  const { downloadCertificate, trustedCertificate } = await import('./certificates.js')
  const { app, dependencies } = client
  const { pem, signer } = await downloadCertificate(client, certSn)
  const certificate = trustedCertificate(app.certificates, pem, certSn, dependencies.clock.now())
  if (certificate) {
    certificateKeys(app).set(certSn, certificate.publicKey)
    const [notBefore, notAfter] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]
    const record = { provider: 'alipay', merchantId: app.appId, serial: certSn, pem, notBefore, notAfter }
    await sourceOf(client)
      .put(record)
      .catch(() => undefined)
  }
  return signer
}
