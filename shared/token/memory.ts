import type { TokenRecord, TokenStore } from '../store/port.js'
import { localTokens } from './localTokens.js'

/** What one process knows of tokens, whichever keeper asks. */
export interface TokenMemory {
  readonly records: Map<string, TokenRecord>
  /** The one search per key that is under way; whoever else needs that token waits for it. */
  readonly flights: Map<string, Promise<TokenRecord>>
  /** Stands in for the store where there is none. */
  readonly tokens: TokenStore
}

/** A memory of its own: what a test gives each of the instances it simulates. */
export const createTokenMemory = (): TokenMemory => ({
  records: new Map(),
  flights: new Map(),
  tokens: localTokens(),
})

/** Shared by every keeper of this process. */
export const processMemory: TokenMemory = createTokenMemory()
