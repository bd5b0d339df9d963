import { ECHO_PATH, type EchoSecret, echoSecrets } from '../../../shared/payment/notices/doctorEcho.js'
import { notifyUrlFor } from '../../../shared/payment/registry.js'
import { takesPayments } from '../accounts.js'
import { check } from '../check.js'
import { blameClock, hasNetwork } from '../clockProbe.js'
import { arrivedAs, bodies, type Probed, probeOnce } from '../echoProbe.js'
import type { Finding, Say } from '../finding.js'
import { NoAnswer } from '../hindrance.js'
import { explained } from '../mutations.js'
import { notifyEchoRemarks } from '../remarks/notifyEcho.js'
import type { World } from '../world.js'

type Code = keyof typeof notifyEchoRemarks

export const notifyEcho = check({
  id: 'notify.echo',
  title: { en: 'Callbacks arrive with their bytes untouched', zh: '回调请求体原样到达' },
  network: true,
  remarks: notifyEchoRemarks,
  async run(world, say) {
    if (!world.settings.get('NOTIFY_BASE_URL') || !takesPayments(world)) return []
    const url = notifyUrlFor(world.settings, 'verifyPaymentNotify', NOBODY).slice(0, -ECHO_PATH.length)
    const keys = echoSecrets.flatMap((setting) => {
      const secret = world.settings.get(setting)
      return secret === undefined ? [] : [{ setting, secret }]
    })
    if (keys.length === 0) return [say('no-secret')]
    try {
      return await findings(world, url, keys, say)
    } catch (error) {
      if (error instanceof NoAnswer) return [await noAnswer(world, error, say)]
      throw error
    }
  },
})

const [, provider = '', merchantId = ''] = ECHO_PATH.split('/')

/** Whom the echo is addressed to, as if it were a merchant of a provider's. */
const NOBODY = { provider, merchantId }

interface Key {
  setting: EchoSecret
  secret: string
}

/** The first secret that the function has as well opens the way; one before it that it has not is a finding. */
async function findings(world: World, url: string, keys: readonly Key[], say: Say<Code>): Promise<Finding[]> {
  const [firstKind = '', ...otherKinds] = Object.keys(bodies)
  const differing: Finding[] = []
  let refusal: Probed | undefined
  for (const key of keys) {
    const first = await probeOnce(world, url, firstKind, key)
    if (first.echo) {
      const others = await Promise.all(otherKinds.map((kind) => probeOnce(world, url, kind, key)))
      return [...differing, ...judged([first, ...others], url, say)]
    }
    refusal ??= first
    if (!isRefusal(first)) break
    differing.push(say('settings-differ', { url, name: key.setting }))
  }
  const status = refusal?.answer.status ?? 0
  if (status >= 300 && status < 400) return [say('redirected', { url, status })]
  if (!refusal || !isRefusal(refusal)) return [say('not-there', { url, status })]
  await blameClock(world)
  return [say('refused', { url, status })]
}

/** How a notify function refuses what comes to an address that is nobody's. */
const isRefusal = ({ answer }: Probed): boolean =>
  answer.status === 400 && answer.body.toString('utf8').trim() === 'fail'

const SLOW_MS = 3000

function judged(probes: readonly Probed[], url: string, say: Say<Code>): Finding[] {
  const byCode = new Map<Code, Probed[]>()
  for (const probe of probes) {
    if (arrivedAs(probe, probe.sent)) continue
    const code = probe.echo
      ? (explained(probe.sent, (body) => arrivedAs(probe, body)) ?? 'altered')
      : 'altered'
    byCode.set(code, [...(byCode.get(code) ?? []), probe])
  }
  const found = [...byCode].map(([code, altered]) => {
    const [first] = altered
    const sizes = { sent: first?.sent.length ?? 0, arrived: first?.echo?.bytes ?? '?' }
    return say(code, { kinds: altered.map(({ kind }) => kind).join(', '), ...sizes })
  })
  if (found.length > 0) return found
  // The first call may have been a cold start, which a notice can be as well.
  const ms = Math.max(...probes.map((probe) => probe.ms))
  return [say(ms > SLOW_MS ? 'slow' : 'untouched', { url, ms })]
}

async function noAnswer(world: World, error: NoAnswer, say: Say<Code>): Promise<Finding> {
  if (!(await hasNetwork(world))) throw error
  const about = { host: error.host, line: error.lineCode }
  return say(/CERT|VERIFY|TLS|SSL|ALTNAME/.test(error.lineCode) ? 'tls' : 'unreachable', about)
}
