import type { KeyObject } from 'node:crypto'
import { type Clock, DAY_MS, MINUTE_MS } from '../../../../shared/clock.js'
import { issue, type KeyPair, keyPair, publicPem, serialNoOf } from '../certificates/index.js'

/** What a merchant verifies WeChat Pay with. `both` is a merchant in migration. */
export type Verification = 'public-key' | 'certificates' | 'both'

export interface Signer {
  /** As it stands in `Wechatpay-Serial`. */
  readonly serial: string
  readonly key: KeyObject
}

export interface PlatformCertificate {
  readonly serialNo: string
  readonly pem: string
  readonly keys: KeyPair
  /** Milliseconds since the epoch. */
  readonly from: number
  readonly until: number
}

const LIFE_MS = 5 * 365 * DAY_MS

/** WeChat Pay's own keys, each made when it is first needed. */
export class PlatformKeys {
  readonly publicKeyId: string
  #certificates: PlatformCertificate[] = []
  #made = 0
  #notices = 0

  constructor(
    readonly verification: Verification,
    private readonly clock: Clock,
    private readonly mchId: string,
  ) {
    this.publicKeyId = `PUB_KEY_ID_${`01${mchId}20250101`.padEnd(40, '0')}`
  }

  get #hasPublicKey(): boolean {
    return this.verification !== 'certificates'
  }

  get #hasCertificates(): boolean {
    return this.verification !== 'public-key'
  }

  get #ownKeys(): KeyPair {
    return keyPair(`wechat pay ${this.mchId}`)
  }

  /** SPKI; undefined for a merchant that has certificates alone. */
  get publicKey(): string | undefined {
    return this.#hasPublicKey ? publicPem(this.#ownKeys) : undefined
  }

  /** The certificates that are valid now, the newest last. */
  certificates(): readonly PlatformCertificate[] {
    if (!this.#hasCertificates) return []
    this.#certificates = this.#certificates.filter(({ until }) => until > this.clock.now())
    if (this.#certificates.length === 0) this.#certificates.push(this.#newCertificate())
    return this.#certificates
  }

  /** A new certificate signs from now on; those before it stay valid. Answers its serial. */
  rotate(): string {
    if (!this.#hasCertificates) throw new Error('this merchant has no platform certificates')
    const next = this.#newCertificate()
    this.#certificates = [...this.certificates(), next]
    return next.serialNo
  }

  /** Who signs where the request names no key: the newest certificate, else the public key's. */
  signer(): Signer {
    const [first] = this.#signers()
    if (first) return first
    throw new Error('a merchant verifies with something')
  }

  /** Who signs for a request that names this key; undefined for one that we do not have. */
  signerNamed(serial: string): Signer | undefined {
    return this.#signers().find((signer) => signer.serial === serial)
  }

  /** Who signs a notice: during a migration now the one key, now the other. */
  noticeSigner(): Signer {
    const known = this.#signers()
    const kinds = this.verification === 'both' ? 2 : 1
    const signer = known[this.#notices % kinds] ?? this.signer()
    this.#notices += 1
    return signer
  }

  /** PEM of a public key or a certificate, by the serial that stands for it: all that verifies now. */
  verifiers(): Record<string, string> {
    const own = this.publicKey === undefined ? [] : [[this.publicKeyId, this.publicKey]]
    return Object.fromEntries([...own, ...this.certificates().map(({ serialNo, pem }) => [serialNo, pem])])
  }

  /** The one that signs where nothing is wished for comes first; during a migration that is a certificate. */
  #signers(): Signer[] {
    const certified = this.certificates().map(({ serialNo, keys }) => ({
      serial: serialNo,
      key: keys.privateKey,
    }))
    const own = {
      serial: this.publicKeyId,
      key: this.#hasPublicKey ? this.#ownKeys.privateKey : undefined,
    }
    const [newest, ...older] = certified.reverse()
    const all = [newest, own.key && { serial: own.serial, key: own.key }, ...older]
    return all.filter((signer): signer is Signer => signer !== undefined)
  }

  #newCertificate(): PlatformCertificate {
    this.#made += 1
    const name = `platform ${this.mchId} ${this.#made}`
    const serialNo = serialNoOf(name)
    const keys = keyPair(name)
    const from = this.clock.now() - DAY_MS
    const until = from + LIFE_MS
    return {
      serialNo,
      keys,
      from,
      until,
      pem: issue({ name: 'Tenpay.com sign', serialNo, keys, from, until }),
    }
  }
}

/** Twice as long as a signature lasts, in either direction. */
const KEPT_MS = 10 * MINUTE_MS

/** The nonces of the last minutes: a request that was overheard is not taken again. */
export class Nonces {
  readonly #seen = new Map<string, number>()

  /** Whether `nonce` is new at `now` (milliseconds); from then on it is not. */
  use(nonce: string, now: number): boolean {
    for (const [old, at] of this.#seen) {
      if (at + KEPT_MS > now) break
      this.#seen.delete(old)
    }
    if (this.#seen.has(nonce)) return false
    this.#seen.set(nonce, now)
    return true
  }
}
