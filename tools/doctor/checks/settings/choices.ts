import { ALIPAY_GATEWAY } from '../../../../shared/config/alipayApp.js'
import { isLoopback, takesPayments } from '../../accounts.js'
import { check } from '../../check.js'
import type { Doctor } from '../../doctor.js'
import type { Finding, Remarks, Say } from '../../finding.js'

export const choicesRemarks = {
  fine: {
    level: 'ok',
    what: {
      en: 'tokens are stable ones, and all calls go to the providers themselves',
      zh: '使用 stable_token，且所有请求都发往平台官方地址',
    },
  },
  'plain-tokens': {
    level: 'warn',
    what: { en: 'WEIXIN_TOKEN_MODE is plain', zh: 'WEIXIN_TOKEN_MODE 为 plain' },
    why: {
      en: 'With plain tokens whoever fetches one kills that of everybody else: a second environment or a colleague with a script makes 40001 appear at random.',
      zh: 'plain 模式下，任何一方重新获取都会使其他人的 token 失效：第二套环境或同事的脚本都会导致随机出现 40001。',
    },
    mend: {
      en: 'Leave it out, unless another system that only knows plain tokens has to share them.',
      zh: '除非必须与只支持 plain token 的旧系统共用，否则请删除该配置。',
    },
  },
  elsewhere: {
    level: 'warn',
    what: { en: '{name} leads to {host}, not to the provider', zh: '{name} 指向 {host}，而不是平台官方地址' },
    why: {
      en: 'Right for the local platforms and for sandboxes; in production real payments go there too.',
      zh: '用于本地模拟器或沙箱是正确的；在生产环境，真实支付也会发往那里。',
    },
    mend: { en: 'Remove {name} from the settings of production.', zh: '请从生产环境配置中删除 {name}。' },
  },
  'in-the-clear': {
    level: 'error',
    what: { en: '{name} leads to {host} over plain http', zh: '{name} 以明文 http 指向 {host}' },
    why: {
      en: 'AppSecrets, tokens and orders travel readable for everybody on the way.',
      zh: 'AppSecret、token 与订单会以明文传输，途中任何人都能读取。',
    },
    mend: { en: 'Use https, or remove {name}.', zh: '请改用 https，或删除 {name}。' },
  },
  'evidence-open': {
    level: 'warn',
    what: { en: 'EVIDENCE_KEY is not set', zh: '未配置 EVIDENCE_KEY' },
    why: {
      en: 'Notices are kept as they came, and everybody who reads the database reads who paid how much.',
      zh: '支付通知原文以明文保存，能读取数据库的人都能看到谁付了多少钱。',
    },
    mend: {
      en: 'Set it to 32 bytes as base64: openssl rand -base64 32. Keep it: what was sealed opens with it alone.',
      zh: '请设置为 32 字节的 base64：openssl rand -base64 32。请妥善保存，已加密的内容只能用它解开。',
    },
  },
} as const satisfies Remarks

/** Settings that work, and may not be intended. */
export const choices = check({
  id: 'choices',
  title: { en: 'Choices that deserve a second look', zh: '值得再次确认的选择' },
  remarks: choicesRemarks,
  run(doctor, say) {
    const { settings } = doctor
    const found = endpoints(doctor, say)
    if (settings.get('WEIXIN_TOKEN_MODE') === 'plain') found.push(say('plain-tokens'))
    if (takesPayments(doctor) && !settings.get('EVIDENCE_KEY')) found.push(say('evidence-open'))
    return found.length > 0 ? found : [say('fine')]
  },
})

const OFFICIAL = {
  WEIXIN_API_BASE_URL: 'https://api.weixin.qq.com',
  WEIXIN_PAY_BASE_URL: 'https://api.mch.weixin.qq.com',
  ALIPAY_GATEWAY_URL: ALIPAY_GATEWAY,
} as const

/** WeChat's own further hosts, `api2.weixin.qq.com` for example. */
const OWN_HOSTS = /^(api\d?|sh\.api|sz\.api|hk\.api)\.weixin\.qq\.com$|^api2?\.mch\.weixin\.qq\.com$/

function endpoints({ settings }: Doctor, say: Say<'elsewhere' | 'in-the-clear'>): Finding[] {
  return Object.entries(OFFICIAL).flatMap(([name, official]) => {
    const given = settings.get(name as keyof typeof OFFICIAL)
    if (given === undefined || given.replace(/\/+$/, '') === official || !URL.canParse(given)) return []
    const { protocol, hostname, host } = new URL(given)
    if (protocol === 'http:' && !isLoopback(hostname)) return [say('in-the-clear', { name, host })]
    return OWN_HOSTS.test(hostname) ? [] : [say('elsewhere', { name, host })]
  })
}
