import type { KeyObject } from 'node:crypto'
import { type CertificateSource, isValid, publicKey } from '../../../certificates/source.js'
import { NO_PLATFORM_KEY, openapiError } from '../../../errors/index.js'
import type { CertificateRecord } from '../../../store/port.js'
import type { ProviderDependencies } from '../../provider.js'
import { type KeyRing, type KnownKey, publicKeyOf, type V3Merchant } from '../signature.js'

/** Serials of certificates are hex; anything else cannot be one, and is no reason to ask for one. */
const CERTIFICATE_SERIAL = /^[0-9A-Fa-f]{8,40}$/

/** How long and how often to look for what another call is downloading, in milliseconds. */
const WAIT_MS = 3000
const LOOK_MS = 250

/** The keys of one merchant. `source` keeps its platform certificates, and says when they may be fetched again. */
export function keyRing(
  merchant: V3Merchant,
  source: CertificateSource,
  dependencies: ProviderDependencies,
): KeyRing {
  let listed: Promise<CertificateRecord[]> | undefined

  async function valid(): Promise<CertificateRecord[]> {
    listed ??= source.list()
    const now = dependencies.clock.now()
    return (await listed).filter((each) => isValid(each, now))
  }

  async function certificateKeyOf(serial: string): Promise<KeyObject | undefined> {
    const found = (await valid()).find((each) => each.serial === serial.toUpperCase())
    return found && publicKey(found)
  }

  async function download(): Promise<CertificateRecord[]> {
    const trusted = await valid()
    const keyOf = (serial: string) => {
      const found = trusted.find((each) => each.serial === serial.toUpperCase())
      return publicKeyOf(merchant, serial) ?? (found && publicKey(found))
    }
    const { downloadCertificates } = await import('./certificates.js')
    return downloadCertificates({ merchant, dependencies }, { keyOf, known })
  }

  async function known(): Promise<KnownKey[]> {
    const publicKeys = merchant.v3.publicKeys.flatMap(({ id }) => {
      const key = publicKeyOf(merchant, id)
      return key ? [{ serial: id, key }] : []
    })
    return [...publicKeys, ...(await valid()).map(knownKey)]
  }

  async function keep(fresh: CertificateRecord[]): Promise<CertificateRecord[]> {
    for (const certificate of fresh) await source.put(certificate)
    listed = undefined
    return fresh
  }

  async function othersDownload(): Promise<void> {
    const until = dependencies.clock.now() + Math.min(WAIT_MS, dependencies.timeLeft() - LOOK_MS)
    while ((await valid()).length === 0 && dependencies.clock.now() < until) {
      await dependencies.clock.sleep(LOOK_MS)
      listed = undefined
    }
  }

  return {
    refresh: async () => keep(await download()),
    known,
    async find(serial) {
      const configured = publicKeyOf(merchant, serial)
      if (configured || !CERTIFICATE_SERIAL.test(serial)) return configured
      const known = await certificateKeyOf(serial)
      if (known) return known
      const isOurTurn = await source.takeDownload(dependencies.clock.now())
      // A failed download leaves the serial unknown; its own line in the log says why it failed.
      await keep(isOurTurn ? await download().catch(() => []) : [])
      return certificateKeyOf(serial)
    },
    async ready() {
      if (merchant.v3.publicKeys.length > 0 || (await valid()).length > 0) return
      if (await source.takeDownload(dependencies.clock.now())) await keep(await download())
      else await othersDownload()
      if ((await valid()).length === 0) throw openapiError(NO_PLATFORM_KEY)
    },
    async forEncryption() {
      const id = merchant.v3.publicKeys[0]?.id
      const configured = id === undefined ? undefined : publicKeyOf(merchant, id)
      if (id !== undefined && configured) return { serial: id, key: configured }
      const [newest] = (await valid()).sort((one, other) => other.notBefore - one.notBefore)
      if (!newest) throw openapiError(NO_PLATFORM_KEY)
      return knownKey(newest)
    },
  }
}

const knownKey = (certificate: CertificateRecord): KnownKey => ({
  serial: certificate.serial,
  key: publicKey(certificate),
})
