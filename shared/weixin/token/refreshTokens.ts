import { asOpenapiError } from '../../errors/index.js'
import { object } from '../../operation/fields.js'
import type { Context, Operation } from '../../operation/index.js'
import { type WeixinApp, weixinAppSettings, weixinApps } from '../app.js'
import { weixinToken } from './keeper.js'

/** What became of one application's token. */
export interface RefreshedToken {
  appId: string
  /** False where enough of its life was left. */
  refreshed: boolean
  /** Seconds for which the token is still valid. */
  expiresIn: number
}

/**
 * Fetches the tokens that are about to end, ahead of need. Runs by timer; a server may start it too. One application
 * that fails keeps no other from being refreshed; the first failure is then thrown, so that the run counts as failed.
 */
export const refreshTokens = {
  name: 'token.refresh',
  doc: 'https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html',
  title: {
    en: "Refresh every application's access token before it ends",
    zh: '定时刷新所有应用的 access_token',
  },
  input: object({}),
  settings: weixinAppSettings,
  repeat: 'safe',
  reach: 'server',
  async run(_input: object, context: Context): Promise<{ tokens: RefreshedToken[] }> {
    // A mobile application signs its users in, but has no access token of its own.
    const apps = weixinApps(context.settings).filter(({ kind }) => kind !== 'app')
    if (apps.length === 0) throw context.settings.missing('WEIXIN_APP_ID')
    const outcomes = await Promise.allSettled(apps.map((app) => refreshOne(app, context)))
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    for (const failed of failures)
      context.note('token.notRefreshed', { errMsg: asOpenapiError(failed).errMsg })
    if (failures.length > 0) throw failures[0]
    return { tokens: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])) }
  },
} as const satisfies Operation

async function refreshOne(app: WeixinApp, context: Context): Promise<RefreshedToken> {
  const { refreshed, expiresAt } = await weixinToken(app, context).refresh()
  return { appId: app.appId, refreshed, expiresIn: Math.floor((expiresAt - context.clock.now()) / 1000) }
}
