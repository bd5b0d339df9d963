import { invalidParam } from '../errors/index.js'
import type { Scene } from '../payment/provider.js'

/** Where a payer is, in uniCloud's words (`PLATFORM`). */
const scenes = {
  'mp-weixin': 'mini',
  'mp-alipay': 'mini',
  app: 'app',
  'app-plus': 'app',
  h5: 'h5',
  web: 'h5',
  native: 'native',
} as const satisfies Record<string, Scene>

export type ClientType = keyof typeof scenes

export const clientTypes = Object.keys(scenes) as ClientType[]

/** uniCloud tells a function where its caller is in a global, and uni-pay reads it there. */
const platformHere = (): unknown => (globalThis as { __ctx__?: { PLATFORM?: unknown } }).__ctx__?.PLATFORM

/** The scene of a payment; where nobody says it, somebody with an openid is in a mini program. */
export function sceneOf(clientType: string | undefined, openid: string | undefined): Scene {
  const said = clientType ?? platformHere()
  if (said === undefined) return openid === undefined ? 'app' : 'mini'
  const known = clientTypes.find((type) => type === said)
  if (known) return scenes[known]
  throw invalidParam('clientType', `expected one of ${clientTypes.join(', ')}`)
}
