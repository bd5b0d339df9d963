export { createTokenKeeper, type TokenKeeper } from './keeper.js'
export { createTokenMemory } from './memory.js'
export type { FetchedToken, TokenKeeperOptions, TokenMode } from './options.js'
