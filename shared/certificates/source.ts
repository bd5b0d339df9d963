import type { KeyObject } from 'node:crypto'
import { rsaPublicKey } from '../crypto/index.js'
import type { Context } from '../operation/index.js'
import type { CertificateRecord, Store } from '../store/port.js'

/** Where a provider's certificates that were trusted once are kept, and who may ask the provider for new ones. */
export interface CertificateSource {
  list(): Promise<CertificateRecord[]>
  put(certificate: CertificateRecord): Promise<void>
  /**
   * Takes the one download that a merchant has in {@link DOWNLOAD_GAP_MS}; false when somebody had it already. Else
   * forged notices with made-up serials would have us call the provider as often as they come. `now` in milliseconds.
   */
  takeDownload(now: number): Promise<boolean>
}

/** Whether a certificate may verify at `now`, in milliseconds. */
export const isValid = ({ notBefore, notAfter }: CertificateRecord, now: number): boolean =>
  notBefore <= now && now < notAfter

/** The key of a certificate; parsed once per text and process. */
export const publicKey = ({ pem }: CertificateRecord): KeyObject => rsaPublicKey(pem)

/**
 * A minute between two downloads on unknown serials: the second attempt of a notice, 15 s later, may be too early,
 * its fourth, a minute on, is not.
 */
const DOWNLOAD_GAP_MS = 60_000

/** The certificates of one merchant of a provider at one address: in the store where there is one, else in this process. */
export function certificateSource(
  { store, hasStore = store !== undefined }: Partial<Pick<Context, 'store' | 'hasStore'>>,
  provider: string,
  merchantId: string,
  address: string,
): CertificateSource {
  return store && hasStore
    ? storedCertificates(store, provider, merchantId)
    : processCertificates(provider, merchantId, address)
}

/** Certificates in the store: all instances know what one has fetched, and share one download a minute. */
export function storedCertificates(
  open: () => Promise<Store>,
  provider: string,
  merchantId: string,
): CertificateSource {
  return {
    async list() {
      const { certificates } = await open()
      return certificates.list(provider, merchantId)
    },
    async put(certificate) {
      const { certificates } = await open()
      await certificates.put(certificate)
    },
    async takeDownload(now) {
      const { counters } = await open()
      const windowEnd = (Math.floor(now / DOWNLOAD_GAP_MS) + 1) * DOWNLOAD_GAP_MS
      return (await counters.hit(`${provider}:certificates:${merchantId}`, windowEnd)) === 1
    },
  }
}

const remembered = new Map<string, CertificateSource>()

/** Those of this process for one merchant of one provider at one address, where there is no store. */
export function processCertificates(
  provider: string,
  merchantId: string,
  address: string,
): CertificateSource {
  const key = `${provider} ${address} ${merchantId}`
  const source = remembered.get(key) ?? rememberedCertificates()
  remembered.set(key, source)
  return source
}

/** Certificates in memory, for as long as this object lives. */
export function rememberedCertificates(): CertificateSource {
  const known = new Map<string, CertificateRecord>()
  let lastDownload = Number.NEGATIVE_INFINITY
  return {
    list: async () => [...known.values()],
    async put(certificate) {
      known.set(certificate.serial, certificate)
    },
    async takeDownload(now) {
      if (Math.abs(now - lastDownload) < DOWNLOAD_GAP_MS) return false
      lastDownload = now
      return true
    },
  }
}
