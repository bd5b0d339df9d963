import { ALIPAY_GATEWAY } from '../../../shared/config/alipayApp.js'
import { isLoopback, takesPayments } from '../accounts.js'
import { check } from '../check.js'
import type { Finding, Say } from '../finding.js'
import { choicesRemarks } from '../remarks/choices.js'
import type { World } from '../world.js'

/** Settings that work as they are, and may not be meant so. */
export const choices = check({
  id: 'choices',
  title: { en: 'Choices that deserve a second look', zh: '值得再次确认的选择' },
  remarks: choicesRemarks,
  run(world, say) {
    const { settings } = world
    const found = endpoints(world, say)
    if (settings.get('WEIXIN_TOKEN_MODE') === 'plain') found.push(say('plain-tokens'))
    if (takesPayments(world) && !settings.get('EVIDENCE_KEY')) found.push(say('evidence-open'))
    return found.length > 0 ? found : [say('fine')]
  },
})

const OFFICIAL = {
  WEIXIN_API_BASE_URL: 'https://api.weixin.qq.com',
  WEIXIN_PAY_BASE_URL: 'https://api.mch.weixin.qq.com',
  ALIPAY_GATEWAY_URL: ALIPAY_GATEWAY,
} as const

/** WeChat has further entrances under the same names, `api2.weixin.qq.com` for example. */
const OWN_HOSTS = /^(api\d?|sh\.api|sz\.api|hk\.api)\.weixin\.qq\.com$|^api2?\.mch\.weixin\.qq\.com$/

function endpoints({ settings }: World, say: Say<'elsewhere' | 'in-the-clear'>): Finding[] {
  return Object.entries(OFFICIAL).flatMap(([name, official]) => {
    const given = settings.get(name as keyof typeof OFFICIAL)
    if (given === undefined || given.replace(/\/+$/, '') === official || !URL.canParse(given)) return []
    const { protocol, hostname, host } = new URL(given)
    if (protocol === 'http:' && !isLoopback(hostname)) return [say('in-the-clear', { name, host })]
    return OWN_HOSTS.test(hostname) ? [] : [say('elsewhere', { name, host })]
  })
}
