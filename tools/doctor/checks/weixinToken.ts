import { OpenapiError } from '../../../shared/errors/index.js'
import type { TokenRecord } from '../../../shared/store/port.js'
import type { WeixinApp } from '../../../shared/weixin/app.js'
import { DEAD_TOKEN } from '../../../shared/weixin/failure.js'
import { hubUrl } from '../../../shared/weixin/token/hub.js'
import { check } from '../check.js'
import { each } from '../examine.js'
import type { Finding, Say } from '../finding.js'
import { storedTokens } from '../mongo.js'
import { weixinTokenRemarks } from '../remarks/weixinToken.js'
import { quotaOf, tokenApps } from '../weixinProbe.js'
import type { World } from '../world.js'

type Code = keyof typeof weixinTokenRemarks

const MINUTE_MS = 60_000

/** The timer, which comes every five minutes, fetches when so much is left; twice that means that it did not come. */
const LATE_MS = { stable: 0, plain: 5 * MINUTE_MS } as const

/** Cheap, and of no quota of its own. */
const ANY_PATH = '/cgi-bin/message/custom/send'

export const weixinTokenCheck = check({
  id: 'weixin.token',
  title: { en: "The store's access tokens are alive", zh: '数据库中的 access_token 有效' },
  network: true,
  remarks: weixinTokenRemarks,
  async run(world, say) {
    const apps = tokenApps(world).filter(({ secret }) => secret !== undefined)
    if (apps.length === 0 || hubUrl(world.settings) !== undefined) return []
    const tokens = await storedTokens(world)
    if (!tokens) return [say('elsewhere')]
    const mode = world.settings.get('WEIXIN_TOKEN_MODE') === 'plain' ? 'plain' : 'stable'
    return each(world, apps, async (app) => {
      const record = await tokens.read(`weixin:${app.appId}:${mode}`)
      return [await verdict(world, app, record, LATE_MS[mode], say)]
    })
  },
})

async function verdict(
  world: World,
  app: WeixinApp,
  record: TokenRecord | undefined,
  lateMs: number,
  say: Say<Code>,
): Promise<Finding> {
  const now = world.clock.now()
  if (!record) return say('none', { app: app.appId })
  const left = record.expiresAt - now
  if (left <= 0) return say('expired', { app: app.appId, ago: minutes(-left) })
  const refusal = await refusedWith(world, app, record.token)
  if (refusal !== undefined) return say('dead', { app: app.appId, code: refusal })
  const about = { app: app.appId, age: minutes(now - record.fetchedAt), left: minutes(left) }
  return say(left <= lateMs ? 'late' : 'healthy', about)
}

const minutes = (ms: number): number => Math.floor(ms / MINUTE_MS)

/** The code with which WeChat refuses the token itself; nothing where it accepts it, or does not say. */
async function refusedWith(world: World, app: WeixinApp, token: string): Promise<number | undefined> {
  try {
    await quotaOf(world, app, token, ANY_PATH)
    return undefined
  } catch (error) {
    const code = error instanceof OpenapiError ? Number(error.errCode) : Number.NaN
    return DEAD_TOKEN.has(code) ? code : undefined
  }
}
