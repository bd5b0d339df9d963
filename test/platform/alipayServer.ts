import type { Test } from 'tap'
import {
  APP_ID,
  answered,
  BUYER_ID,
  type Gateway,
  keySettings,
  listen,
  type Params,
  platform,
  signWith,
} from '../alipay/fixtures.js'

/** An Alipay that answers what a test says, and the settings of a deployment that serves both platforms. */

/** Who has logged in with Alipay. */
export const ALIPAY_LOGIN = { provider: 'alipay', appId: APP_ID, openid: BUYER_ID } as const

export interface AlipayServer {
  gateway: Gateway
  /** What to answer next, in turn: the value of the `_response`, or of the `error_response`. */
  replies: (object | { error: object })[]
  env: Record<string, string>
}

export async function alipayServer(t: Test): Promise<AlipayServer> {
  const replies: AlipayServer['replies'] = []
  const gateway = await listen(t, (params) => written(params, replies.shift()))
  return {
    gateway,
    replies,
    env: keySettings(gateway.url),
  }
}

function written(params: Params, reply: object | { error: object } | undefined) {
  if (!reply) return { status: 599, body: '' }
  if (!('error' in reply)) return answered(params, reply)
  const value = JSON.stringify(reply.error)
  return `{"error_response":${value},"sign":"${signWith(platform.privateKey, value)}"}`
}
