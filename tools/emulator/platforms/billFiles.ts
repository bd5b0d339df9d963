import { type Clock, opaqueToken, type Random } from '../../../shared/clock.js'

/** Files that wait to be fetched, by the token in their address. */
export class BillFiles {
  readonly #files = new Map<string, { file: Buffer; until: number }>()

  constructor(
    private readonly clock: Clock,
    private readonly random: Random,
    /** How long an address works. */
    private readonly lifeMs: number,
  ) {}

  /** The token under which the file can be had for that time. */
  keep(file: Buffer): string {
    const token = opaqueToken(this.random)
    this.#files.set(token, { file, until: this.clock.now() + this.lifeMs })
    return token
  }

  find(token: string): Buffer | undefined {
    const kept = this.#files.get(token)
    return kept && kept.until > this.clock.now() ? kept.file : undefined
  }
}
