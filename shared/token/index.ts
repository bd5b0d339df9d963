export { createTokenKeeper, type TokenKeeper } from './keeper.js'
export { createTokenMemory, type TokenMemory } from './memory.js'
export type { FetchedToken, TokenKeeperOptions, TokenMode } from './options.js'
