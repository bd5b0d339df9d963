import type { Remarks } from '../finding.js'

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
