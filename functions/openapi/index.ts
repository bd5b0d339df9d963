import { openapi } from '../../shared/openapi/openapi.js'
import { cloudFunction } from '../../shared/runtime/index.js'

/** One minute, as the slowest of the operations behind it has. */
export const { main, handler, config } = cloudFunction(openapi, { timeout: 60 })
