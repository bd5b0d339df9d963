import { invalidParam } from '../errors/index.js'
import type { Scene } from './provider.js'

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

/** The scene of a payment; where nobody says it, somebody with an openid is in a mini program. INVALID_PARAM. */
export function sceneOf(said: unknown, openid: string | undefined): Scene {
  if (said === undefined) return openid === undefined ? 'app' : 'mini'
  const known = clientTypes.find((type) => type === said)
  if (known) return scenes[known]
  throw invalidParam('clientType', `expected one of ${clientTypes.join(', ')}`)
}
