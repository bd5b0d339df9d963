import type { Clock, Random } from '../clock.js'
import type { Store } from '../store/port.js'
import type { TokenMemory } from './memory.js'

/**
 * `plain`: every fetch makes a new token and soon kills the one before. `stable`: a fetch gives the current token
 * until its last five minutes, and another only when forced.
 */
export type TokenMode = 'stable' | 'plain'

export interface FetchedToken {
  token: string
  expiresInSeconds: number
}

export interface TokenKeeperOptions {
  /** `provider:appId:mode`, the name under which the token is kept. Never part of it: a secret. */
  key: string
  mode: TokenMode
  /** Absent where there is none (the library): this process then keeps its tokens for itself. */
  store?: () => Promise<Pick<Store, 'tokens'>>
  clock: Clock
  random: Random
  /** Asks the provider. Rejects with an `OpenapiError` that holds neither token nor secret. */
  fetchToken(how: { forced: boolean; timeoutMs: number }): Promise<FetchedToken>
  /** Milliseconds until the caller must have answered. */
  timeLeft(): number
  /** This process's, unless a test simulates several. */
  memory?: TokenMemory
}
