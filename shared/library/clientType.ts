import { sceneOf as sceneOfType } from '../payment/clientType.js'
import type { Scene } from '../payment/provider.js'

export { type ClientType, clientTypes } from '../payment/clientType.js'

/** uniCloud tells a function where its caller is in a global, and uni-pay reads it there. */
const platformHere = (): unknown => (globalThis as { __ctx__?: { PLATFORM?: unknown } }).__ctx__?.PLATFORM

/** The scene of a payment, as far as the call, the instance or the platform say it. */
export const sceneOf = (clientType: string | undefined, openid: string | undefined): Scene =>
  sceneOfType(clientType ?? platformHere(), openid)
