import { OpenapiError } from '../errors/index.js'
import type { Context } from '../operation/index.js'
import type { WeixinApp } from './app.js'
import { DEAD_TOKEN } from './failure.js'
import { send, type WeixinCall } from './send.js'
import { weixinToken } from './token/keeper.js'

/** Calls WeChat with the credential the call asks for; a token that WeChat refuses is replaced, once. */
export async function callWeixin(call: WeixinCall, app: WeixinApp, context: Context): Promise<unknown> {
  if (call.credential !== 'token') return send(call, app, undefined, context)
  if (context.accessToken !== undefined) return send(call, app, context.accessToken, context)
  const tokens = weixinToken(app, context)
  const token = await tokens.get()
  try {
    return await send(call, app, token, context)
  } catch (error) {
    if (!isDeadToken(error)) throw error
    return send(call, app, await tokens.reportDead(token), context)
  }
}

const isDeadToken = (error: unknown): boolean =>
  error instanceof OpenapiError && typeof error.errCode === 'number' && DEAD_TOKEN.has(error.errCode)
