import type { WeixinApp } from '../../../../shared/weixin/app.js'
import { check, each } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { NoAnswer } from '../../skipped.js'
import { type Quota, quotaOf, tokenApps, workingToken } from './access.js'

export const weixinQuotaRemarks = {
  plenty: {
    level: 'ok',
    what: { en: '{app} has enough quota left today', zh: '{app} 今日接口额度充足' },
  },
  low: {
    level: 'warn',
    what: {
      en: '{app} may call {api} {remain} times more today, of {limit}',
      zh: '{app} 今日还可调用 {api} {remain} 次（每日 {limit} 次）',
    },
    why: {
      en: 'Once it is used up, every call fails with 45009 until midnight in Beijing.',
      zh: '用完后直到北京时间零点，所有调用都会以 45009 失败。',
    },
    mend: {
      en: 'Find out who calls it so often; ask WeChat for more in the console if that is right so.',
      zh: '请查明频繁调用的来源；确有需要可在后台申请提额。',
    },
  },
  'used-up': {
    level: 'error',
    what: {
      en: 'the quota of {app} for {api} is used up ({limit} a day)',
      zh: '{app} 的 {api} 今日额度已用完（每日 {limit} 次）',
    },
    why: {
      en: 'Every call fails with 45009 until midnight in Beijing.',
      zh: '直到北京时间零点，所有调用都会以 45009 失败。',
    },
    mend: {
      en: 'clear_quota gives it back at once (ten times a month): openapiRequest with path /cgi-bin/clear_quota. Then find out who calls it so often.',
      zh: '可用 openapiRequest 调用 /cgi-bin/clear_quota 立即清零（每月 10 次），然后查明频繁调用的来源。',
    },
  },
  'not-told': {
    level: 'skipped',
    what: { en: 'WeChat does not tell the quotas of {app}', zh: '微信没有提供 {app} 的额度信息' },
  },
} as const satisfies Remarks

type Code = keyof typeof weixinQuotaRemarks

/** Those that stop a business when they run out. */
const PATHS = [
  '/wxa/getwxacodeunlimit',
  '/wxa/msg_sec_check',
  '/wxa/generate_urllink',
  '/cgi-bin/message/subscribe/send',
] as const

/** Less than a tenth is left. */
const isLow = ({ dailyLimit, remain }: Quota): boolean => remain * 10 < dailyLimit

export const weixinQuota = check({
  id: 'weixin.quota',
  title: { en: 'Quotas left today', zh: '今日剩余额度' },
  network: true,
  remarks: weixinQuotaRemarks,
  run: (doctor, say) =>
    each(doctor, tokenApps(doctor), async (app) =>
      app.secret === undefined ? [] : verdict(doctor, app, say),
    ),
})

async function verdict(doctor: Doctor, app: WeixinApp, say: Say<Code>): Promise<Finding[]> {
  const token = await workingToken(doctor, app)
  const quotas = await Promise.all(
    PATHS.map(async (api) => ({ api, quota: await knownQuota(doctor, app, token, api) })),
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
async function knownQuota(
  doctor: Doctor,
  app: WeixinApp,
  token: string,
  path: string,
): Promise<Quota | undefined> {
  try {
    return await quotaOf(doctor, app, token, path)
  } catch (error) {
    if (error instanceof NoAnswer) throw error
    return undefined
  }
}
