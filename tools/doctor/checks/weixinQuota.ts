import type { WeixinApp } from '../../../shared/weixin/app.js'
import { check } from '../check.js'
import { each } from '../examine.js'
import type { Finding, Say } from '../finding.js'
import { NoAnswer } from '../hindrance.js'
import { weixinQuotaRemarks } from '../remarks/weixinQuota.js'
import { type Quota, quotaOf, tokenApps, workingToken } from '../weixinProbe.js'
import type { World } from '../world.js'

type Code = keyof typeof weixinQuotaRemarks

/** Those that stop a shop when they run out. */
const PATHS = [
  '/wxa/getwxacodeunlimit',
  '/wxa/msg_sec_check',
  '/wxa/generate_urllink',
  '/cgi-bin/message/subscribe/send',
] as const

/** A tenth. */
const isLow = ({ dailyLimit, remain }: Quota): boolean => remain * 10 < dailyLimit

export const weixinQuota = check({
  id: 'weixin.quota',
  title: { en: 'Quotas left today', zh: '今日剩余额度' },
  network: true,
  remarks: weixinQuotaRemarks,
  run: (world, say) =>
    each(world, tokenApps(world), async (app) => (app.secret === undefined ? [] : verdict(world, app, say))),
})

async function verdict(world: World, app: WeixinApp, say: Say<Code>): Promise<Finding[]> {
  const token = await workingToken(world, app)
  const quotas = await Promise.all(
    PATHS.map(async (api) => ({ api, quota: await told(world, app, token, api) })),
  )
  // A limit of 0 stands for none, or for one that WeChat keeps for itself.
  const limited = quotas.flatMap(({ api, quota }) =>
    quota && quota.dailyLimit > 0 ? [{ api, ...quota }] : [],
  )
  if (limited.length === 0) return [say('not-told', { app: app.appId })]
  const findings = limited
    .filter(isLow)
    .map(({ api, dailyLimit: limit, remain }) =>
      say(remain <= 0 ? 'used-up' : 'low', { app: app.appId, api, limit, remain }),
    )
  return findings.length > 0 ? findings : [say('plenty', { app: app.appId })]
}

/** Undefined where WeChat does not tell, which depends on the kind of account and of API. */
async function told(world: World, app: WeixinApp, token: string, path: string): Promise<Quota | undefined> {
  try {
    return await quotaOf(world, app, token, path)
  } catch (error) {
    if (error instanceof NoAnswer) throw error
    return undefined
  }
}
