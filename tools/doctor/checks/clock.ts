import { alipayAppsOf, merchantsOf } from '../accounts.js'
import { check } from '../check.js'
import { type Doctor, PATIENCE_MS } from '../doctor.js'
import type { Remarks } from '../finding.js'
import { NoAnswer, NotYet } from '../skipped.js'
import { tokenApps } from './weixin/access.js'

const noLongerBelieved = {
  en: 'Past five minutes, WeChat Pay V3 and Alipay refuse every request, and no notice is believed here.',
  zh: '偏差超过 5 分钟时，微信支付 V3 与支付宝会拒绝所有请求，本地也不会信任任何通知。',
}
const setTheClock = {
  en: 'Switch on the time service of this machine (NTP). The clouds’ own clocks are right.',
  zh: '请在本机启用时间同步（NTP）。云函数的时钟一般是准确的。',
}

export const clockRemarks = {
  right: {
    level: 'ok',
    what: {
      en: 'the clock agrees with {host} to {seconds} s',
      zh: '本机时钟与 {host} 相差 {seconds} 秒',
    },
  },
  drifts: {
    level: 'warn',
    what: {
      en: 'the clock is {seconds} s off, by that of {host}',
      zh: '本机时钟与 {host} 相差 {seconds} 秒',
    },
    why: noLongerBelieved,
    mend: setTheClock,
  },
  off: {
    level: 'error',
    what: {
      en: 'the clock is {seconds} s off, by that of {host}',
      zh: '本机时钟与 {host} 相差 {seconds} 秒',
    },
    why: noLongerBelieved,
    mend: setTheClock,
  },
} as const satisfies Remarks

/** Half a minute is more than any connection takes, so it shows a clock that is not synchronised. */
const NOTICEABLE_MS = 30_000

export const clockCheck = check({
  id: 'clock',
  title: { en: 'The clock is right', zh: '时钟准确' },
  network: true,
  remarks: clockRemarks,
  async run(doctor, say) {
    const offset = await clockOffset(doctor)
    if (!offset) return []
    const about = { host: offset.host, seconds: Math.round(Math.abs(offset.ms) / 1000) }
    const far = Math.abs(offset.ms)
    return [say(far >= TOO_FAR_MS ? 'off' : far >= NOTICEABLE_MS ? 'drifts' : 'right', about)]
  },
})

/** How far ours is ahead of a provider's, in milliseconds; a second more or less shows nothing. */
export interface Offset {
  host: string
  ms: number
}

/** WeChat Pay V3 and our own readers of notices refuse what is further off. Milliseconds. */
export const TOO_FAR_MS = 300_000

/** The providers of this deployment; `ca` where a certificate authority of its own is set. */
function providers(doctor: Doctor): { url: string; ca?: string }[] {
  const pay = orNone(() => merchantsOf(doctor)).map(({ baseUrl, ca }) => ({
    url: baseUrl,
    ...(ca === undefined ? {} : { ca }),
  }))
  const api = orNone(() => tokenApps(doctor)).map(() => ({
    url: doctor.settings.get('WEIXIN_API_BASE_URL') ?? 'https://api.weixin.qq.com',
  }))
  const alipay = orNone(() => alipayAppsOf(doctor)).map(({ gateway }) => ({ url: gateway }))
  return [...pay, ...api, ...alipay]
}

/** Settings that cannot be read are another check's finding; the other providers are still asked for the time. */
function orNone<Account>(read: () => Account[]): Account[] {
  try {
    return read()
  } catch {
    return []
  }
}

/**
 * The offset by the first provider that answers; undefined when there is none to ask. Rejects with {@link NoAnswer}
 * when none of them answers, which is how the doctor knows that it has no network.
 */
export const clockOffset = (doctor: Doctor): Promise<Offset | undefined> =>
  doctor.once('clock', async () => {
    let failure: NoAnswer | undefined
    const asked = new Set<string>()
    for (const { url, ca } of providers(doctor)) {
      const { origin } = new URL(url)
      if (asked.has(origin)) continue
      asked.add(origin)
      try {
        const offset = await offsetBy(doctor, origin, ca)
        if (offset) return offset
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        failure = error
      }
    }
    if (failure) throw failure
    return undefined
  })

async function offsetBy(
  { http, clock }: Doctor,
  origin: string,
  ca: string | undefined,
): Promise<Offset | undefined> {
  const sentAt = clock.now()
  const { headers } = await http.request({
    ...{ method: 'GET', url: `${origin}/`, timeoutMs: PATIENCE_MS, maxBytes: 1024 * 1024 },
    ...(ca === undefined ? {} : { ca }),
  })
  const date = Date.parse(headers.date ?? '')
  if (Number.isNaN(date)) return undefined
  // The header was written between the two moments, and has lost up to a second.
  return { host: new URL(origin).host, ms: (sentAt + clock.now()) / 2 - (date + 500) }
}

/** Throws {@link NotYet} when the clock is wrong: then a refusal does not show that the keys are. */
export async function skipIfClockIsWrong(doctor: Doctor): Promise<void> {
  const offset = await clockOffset(doctor).catch(() => undefined)
  if (offset && Math.abs(offset.ms) >= TOO_FAR_MS) throw new NotYet('clock-first')
}

/** Whether any provider answered: if so, an address of ours that does not answer is at fault, not the network. */
export const hasNetwork = async (doctor: Doctor): Promise<boolean> =>
  clockOffset(doctor).then(
    () => true,
    () => false,
  )
