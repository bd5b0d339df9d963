import type { Test } from 'tap'
import { type Clock, systemClock } from '../../../shared/clock.js'
import { type CheckResult, runChecks } from '../../../tools/doctor/check.js'
import { checks } from '../../../tools/doctor/checks/index.js'
import { openDoctor, secretTexts, type UnknownName } from '../../../tools/doctor/doctor.js'
import { sentence } from '../../../tools/doctor/finding.js'
import {
  type LocalPlatforms,
  type LocalPlatformsOptions,
  startLocalPlatforms,
} from '../../../tools/emulator/platforms/index.js'
import { callbackServer } from './callback.js'

export type Env = Readonly<Record<string, string>>

export const EVIDENCE_KEY = Buffer.alloc(32, 7).toString('base64')

/** What is results beside the settings. */
export interface Circumstances {
  clock?: Clock
  offline?: boolean
  unknownNames?: readonly UnknownName[]
}

/** Findings by `<check>/<code>`. */
export interface DoctorReport {
  errors: string[]
  warnings: string[]
  /** Those that are neither. */
  rest: string[]
  /** Every sentence, in both languages. */
  text: string
  results: readonly CheckResult[]
}

/** Runs every check over the settings. */
export async function runDoctor(settings: Env, circumstances: Circumstances = {}): Promise<DoctorReport> {
  const doctor = openDoctor({ settings, ...circumstances })
  const results = await runChecks(doctor, checks).finally(() => doctor.close())
  const found = results.flatMap(({ check, findings }) =>
    findings.map((finding) => ({ ...finding, name: `${check.id}/${finding.code}` })),
  )
  const named = (...levels: string[]) =>
    found.filter(({ level }) => levels.includes(level)).map(({ name }) => name)
  const sentences = found.flatMap(({ what, why, mend, values }) =>
    [what, why, mend].flatMap((text) =>
      text ? [sentence(text, 'en', values), sentence(text, 'zh', values)] : [],
    ),
  )
  return {
    errors: named('error'),
    warnings: named('warn'),
    rest: named('ok', 'skipped'),
    text: sentences.join('\n'),
    results,
  }
}

/** Providers and a callback on this machine, and the settings of a deployment that is in good health with them. */
export interface LocalDeployment {
  platforms: LocalPlatforms
  /** With the settings of these payment systems, or of all three. */
  healthy(...providers: Parameters<LocalPlatforms['settings']>): Env
  /** Plants faults one after another, each compared to what is found without it. */
  finds(t: Test, base: Env, plants: readonly Plant[]): Promise<void>
}

/** One fault. */
interface Plant {
  /** What is wrong, in words. */
  name: string
  /** Other settings to plant it in. */
  base?: Env
  /** Settings to change; an empty text takes one away. */
  change?: Env
  circumstances?: Circumstances
  /** What else is made wrong, after the settings were found healthy. */
  before?: () => void
  /** What has to be found: errors and warnings, and nothing else of both. */
  finds: readonly string[]
}

export async function startDeployment(
  t: Test,
  options: LocalPlatformsOptions = {},
): Promise<LocalDeployment> {
  const clock = options.clock ?? systemClock
  const platforms = await startLocalPlatforms({ ...options, clock })
  t.teardown(() => platforms.close())
  const NOTIFY_BASE_URL = await callbackServer(t, { EVIDENCE_KEY }, clock)
  const own = { EVIDENCE_KEY, EVENT_TARGET: 'function:onPayment', NOTIFY_BASE_URL }
  const known = new Map<Env, DoctorReport>()
  const healthyReport = async (env: Env) => {
    const report = known.get(env) ?? (await runDoctor(env))
    known.set(env, report)
    return report
  }
  return {
    platforms,
    healthy(...providers) {
      const all = providers.length === 0 ? (['weixin-v2', 'weixin-v3', 'alipay'] as const) : providers
      const settings = { ...platforms.settings(...all), ...own }
      // V2's client certificate can only be shown over TLS, and both versions have one address.
      return all.includes('weixin-v2') ? { ...settings, WEIXIN_PAY_BASE_URL: platforms.secureUrl } : settings
    },
    async finds(t, usual, plants) {
      for (const { name, base = usual, change = {}, circumstances, before, finds } of plants) {
        const healthy = await healthyReport(base)
        t.strictSame(healthy.errors, [], `before: nothing is wrong (${name})`)
        before?.()
        const env = changed(base, change)
        const ill = await runDoctor(env, circumstances)
        t.strictSame(beyond([...ill.errors, ...ill.warnings], healthy.warnings), finds, name)
        const shown = secretTexts(env).filter((secret) => ill.text.includes(secret))
        t.strictSame(shown, [], `no secret is shown (${name})`)
      }
    },
  }
}

export function changed(base: Env, change: Env): Env {
  return Object.fromEntries(Object.entries({ ...base, ...change }).filter(([, value]) => value !== ''))
}

/** What is in one list beyond what is in the other, as often as it is. */
function beyond(list: readonly string[], usual: readonly string[]): string[] {
  const left = [...usual]
  return list.filter((each) => {
    const place = left.indexOf(each)
    if (place >= 0) left.splice(place, 1)
    return place < 0
  })
}
