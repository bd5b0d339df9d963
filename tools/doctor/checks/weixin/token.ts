import { MINUTE_MS } from '../../../../shared/clock.js'
import { OpenapiError } from '../../../../shared/errors/index.js'
import type { TokenRecord } from '../../../../shared/store/port.js'
import type { WeixinApp } from '../../../../shared/weixin/app.js'
import { DEAD_TOKEN } from '../../../../shared/weixin/failure.js'
import { hubUrl } from '../../../../shared/weixin/token/hub.js'
import { check, each } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'
import { storedTokens } from '../store/mongodb.js'
import { quotaOf, tokenApps } from './access.js'

export const weixinTokenRemarks = {
  healthy: {
    level: 'ok',
    what: {
      en: 'the token of {app} is {age} minutes old and lives {left} more',
      zh: '{app} 的 access_token 已获取 {age} 分钟，还可使用 {left} 分钟',
    },
  },
  none: {
    level: 'warn',
    what: { en: 'there is no token of {app} in the store yet', zh: '数据库中还没有 {app} 的 access_token' },
    why: {
      en: 'The tokenRefresh timer has not run: users wait for a fetch now and then.',
      zh: 'tokenRefresh 定时器没有运行过，用户偶尔要等待获取 token。',
    },
    mend: {
      en: 'Deploy tokenRefresh with its timer, and check that it reads the same MONGODB_URI.',
      zh: '请部署 tokenRefresh 及其定时触发器，并确认使用同一 MONGODB_URI。',
    },
  },
  expired: {
    level: 'warn',
    what: { en: 'the token of {app} ended {ago} minutes ago', zh: '{app} 的 access_token 已过期 {ago} 分钟' },
    why: {
      en: 'Nothing has refreshed it: the timer stands still, or WeChat refuses it.',
      zh: '没有被及时刷新：定时器没有运行，或被微信拒绝。',
    },
    mend: { en: 'Look at the log of tokenRefresh.', zh: '请查看 tokenRefresh 的日志。' },
  },
  late: {
    level: 'warn',
    what: {
      en: 'the token of {app} has only {left} minutes left, and should have been refreshed by now',
      zh: '{app} 的 access_token 只剩 {left} 分钟，本应已被刷新',
    },
    why: {
      en: 'The tokenRefresh timer is late or does not run.',
      zh: 'tokenRefresh 定时器延迟或没有运行。',
    },
    mend: {
      en: 'Check that tokenRefresh is deployed with its timer of five minutes.',
      zh: '请确认 tokenRefresh 已部署，且定时器为每 5 分钟一次。',
    },
  },
  dead: {
    level: 'error',
    what: {
      en: 'WeChat refuses the token of {app} that is in the store ({code})',
      zh: '微信拒绝数据库中 {app} 的 access_token（{code}）',
    },
    why: {
      en: 'Somebody with the same AppSecret has fetched another one (plain mode), forced one, or reset the AppSecret.',
      zh: '有其他程序用同一 AppSecret 重新获取（plain 模式）、强制刷新，或重置过 AppSecret。',
    },
    mend: {
      en: 'Use stable tokens everywhere, and let all environments read one store or the token hub (WEIXIN_TOKEN_HUB_URL).',
      zh: '请统一使用 stable 模式，并让所有环境共用同一数据库或 token 中控（WEIXIN_TOKEN_HUB_URL）。',
    },
  },
  elsewhere: {
    level: 'skipped',
    what: {
      en: 'MONGODB_URI is not set: tokens are kept where the doctor cannot look, in uniCloud perhaps',
      zh: '未配置 MONGODB_URI：token 保存在本命令无法读取的位置（例如 uniCloud 数据库）',
    },
  },
} as const satisfies Remarks

type Code = keyof typeof weixinTokenRemarks

/** A token that has no more than this left is late: the timer, which runs every five minutes, should have replaced it. */
const LATE_MS = { stable: 0, plain: 5 * MINUTE_MS } as const

/** Cheap, and of no quota of its own. */
const ANY_PATH = '/cgi-bin/message/custom/send'

export const weixinTokenCheck = check({
  id: 'weixin.token',
  title: { en: "The store's access tokens are alive", zh: '数据库中的 access_token 有效' },
  network: true,
  remarks: weixinTokenRemarks,
  async run(doctor, say) {
    const apps = tokenApps(doctor).filter(({ secret }) => secret !== undefined)
    if (apps.length === 0 || hubUrl(doctor.settings) !== undefined) return []
    const tokens = await storedTokens(doctor)
    if (!tokens) return [say('elsewhere')]
    const mode = doctor.settings.get('WEIXIN_TOKEN_MODE') === 'plain' ? 'plain' : 'stable'
    return each(doctor, apps, async (app) => {
      const record = await tokens.read(`weixin:${app.appId}:${mode}`)
      return [await verdict(doctor, app, record, LATE_MS[mode], say)]
    })
  },
})

async function verdict(
  doctor: Doctor,
  app: WeixinApp,
  record: TokenRecord | undefined,
  lateMs: number,
  say: Say<Code>,
): Promise<Finding> {
  const now = doctor.clock.now()
  if (!record) return say('none', { app: app.appId })
  const left = record.expiresAt - now
  if (left <= 0) return say('expired', { app: app.appId, ago: minutes(-left) })
  const refusal = await refusedWith(doctor, app, record.token)
  if (refusal !== undefined) return say('dead', { app: app.appId, code: refusal })
  const about = { app: app.appId, age: minutes(now - record.fetchedAt), left: minutes(left) }
  return say(left <= lateMs ? 'late' : 'healthy', about)
}

const minutes = (ms: number): number => Math.floor(ms / MINUTE_MS)

/** The code with which WeChat refuses the token itself; nothing where it accepts it, or does not say. */
async function refusedWith(doctor: Doctor, app: WeixinApp, token: string): Promise<number | undefined> {
  try {
    await quotaOf(doctor, app, token, ANY_PATH)
    return undefined
  } catch (error) {
    const code = error instanceof OpenapiError ? Number(error.errCode) : Number.NaN
    return DEAD_TOKEN.has(code) ? code : undefined
  }
}
