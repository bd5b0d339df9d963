import type { KeyObject } from 'node:crypto'
import { type KeyPair, keyPair } from '../../certificates/index.js'
import type { AlipayAccount, AlipayAgreement } from '../account.js'
import { alipayFile, applicationFile, type Certified, rootFile } from './certificates.js'

/** With what Alipay signs; the number of its certificate where there are certificates. */
export interface Signer {
  key: KeyObject
  certSn?: string
}

/** What the console hands out: keys as one line of base64 without armour, certificates as PEM files. */
export interface AlipayConsole {
  /** The application's, PKCS#8. */
  readonly privateKey: string
  /** The application's own; whoever takes it for Alipay's verifies nothing. */
  readonly publicKey: string
  readonly alipayPublicKey: string
  readonly appCert: string
  /** As it was in the beginning: a later one has to be fetched by its number. */
  readonly alipayCert: string
  readonly rootCert: string
}

interface Issued {
  keys: KeyPair
  file: Certified
}

/** The keys and certificates of the application and of Alipay, each made when it is first needed. */
export class AlipayKeys implements AlipayConsole {
  /** Alipay's, the newest last. */
  readonly #issued: Issued[] = []
  #appFile?: Certified
  #rootFile?: Certified

  constructor(
    private readonly account: AlipayAccount,
    private readonly agreement: AlipayAgreement,
  ) {}

  /** With which the application signs. */
  get application(): KeyPair {
    return keyPair(`alipay application ${this.account.appId}`)
  }

  get privateKey(): string {
    return this.application.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')
  }

  get publicKey(): string {
    return this.application.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  }

  get alipayPublicKey(): string {
    return this.#keysOf(0).publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  }

  get appCert(): string {
    return this.#app().pem
  }

  get alipayCert(): string {
    return this.#first().file.pem
  }

  get rootCert(): string {
    return this.#root().pem
  }

  /** What a request has to name beside its signature; nothing where keys are plain. */
  get certificateNumbers(): { app: string; root: string } | undefined {
    return this.#arePlain() ? undefined : { app: this.#app().sn, root: this.#root().sn }
  }

  signer(): Signer {
    if (this.#arePlain()) return { key: this.#keysOf(0).privateKey }
    const { keys, file } = this.#issued.at(-1) ?? this.#first()
    return { key: keys.privateKey, certSn: file.sn }
  }

  /** A new certificate signs from now on, with a new key. Answers its number. Throws where keys are plain. */
  rotate(): string {
    if (this.#arePlain()) throw new Error('there are no certificates here, only keys')
    this.#first()
    return this.#issue().file.sn
  }

  /** The PEM file of one of Alipay's certificates, by its number. */
  fileOf(certSn: string): string | undefined {
    return this.#issued.find(({ file }) => file.sn === certSn)?.file.pem
  }

  #arePlain(): boolean {
    return this.agreement.verification === 'keys'
  }

  #app(): Certified {
    const { sellerId, appId } = this.account
    this.#appFile ??= applicationFile(sellerId, appId, this.application)
    return this.#appFile
  }

  #root(): Certified {
    this.#rootFile ??= rootFile()
    return this.#rootFile
  }

  #first(): Issued {
    return this.#issued[0] ?? this.#issue()
  }

  #issue(): Issued {
    const generation = this.#issued.length
    const keys = this.#keysOf(generation)
    const issued = { keys, file: alipayFile(this.account.sellerId, keys, generation) }
    this.#issued.push(issued)
    return issued
  }

  /** Alipay has a key of its own for every application. */
  #keysOf(generation: number): KeyPair {
    return keyPair(`alipay ${this.account.appId} ${generation}`)
  }
}
