import type { Cause, Finding } from '../../../shared/diagnosis/causes.js'
import { looksLike } from '../../../shared/diagnosis/sender.js'
import { isPayable } from '../../../shared/payment/alipay/entry.js'
import {
  type NoticeReading,
  type PaymentProvider,
  type ProviderId,
  providerIds,
} from '../../../shared/payment/provider.js'
import { entryOf } from '../../../shared/payment/registry.js'
import { alipayAppsOf, v2MerchantsOf, v3MerchantsOf } from '../accounts.js'
import type { World } from '../world.js'
import type { Capture } from './capture.js'

/** What one merchant's keys say of a capture. */
interface Verdict {
  provider: ProviderId
  merchantId: string
  reading: NoticeReading
  finding?: Finding | undefined
}

/** What came out. */
export interface Inquest {
  /** Whose message it looks like; undefined when nothing tells. */
  suspect?: ProviderId | undefined
  /** The verdict that says most; undefined when the settings have nobody it could be for. */
  verdict?: Verdict | undefined
}

/** Holds a capture against every merchant in the settings that it may be for. */
export async function inquire(world: World, capture: Capture): Promise<Inquest> {
  const named = providerIds.find((id) => id === capture.provider)
  const suspect = named ?? looksLike(capture.call.headers, capture.call.rawBody)
  const verdicts: Verdict[] = []
  for (const id of suspect ? [suspect] : providerIds) {
    for (const merchantId of merchantsOf(world, id, capture.merchantId)) {
      const { settings } = world
      const provider = await entryOf(id)?.entry.open(settings, world.context(), merchantId)
      if (provider) verdicts.push(await judged(provider, capture))
    }
  }
  const [verdict] = verdicts.sort((one, other) => weight(other) - weight(one))
  return { suspect, verdict }
}

function merchantsOf(world: World, id: ProviderId, named: string | undefined): string[] {
  const accounts = {
    'weixin-v2': () => v2MerchantsOf(world).map(({ mchId }) => mchId),
    'weixin-v3': () => v3MerchantsOf(world).map(({ mchId }) => mchId),
    alipay: () =>
      alipayAppsOf(world)
        .filter(isPayable)
        .map(({ appId }) => appId),
  }
  const all = [...new Set(accounts[id]())]
  return named !== undefined && all.includes(named) ? [named] : all
}

/** Where nobody knows when it came, it came when it says: the clock is not judged. */
async function judged(provider: PaymentProvider, { call, at }: Capture): Promise<Verdict> {
  const { id, merchantId } = provider
  const when = at ?? (Number(call.headers['wechatpay-timestamp']) * 1000 || undefined)
  const reading = await provider.readNotice(call, when)
  const finding = reading.authentic ? undefined : await provider.explain(call, reading.reason, when)
  return { provider: id, merchantId, reading, finding }
}

/** Said of whatever none of a merchant's keys made: another merchant's may have. */
const vague: readonly Cause[] = ['other key', 'unknown serial', 'other provider']

function weight({ reading, finding }: Verdict): number {
  if (reading.authentic) return 3
  if (!finding) return isSignedRight(reading) ? 2 : 0
  return vague.includes(finding.cause) ? 1 : 2
}

/** Whether it is refused for what it says alone. */
export const isSignedRight = (reading: NoticeReading): boolean =>
  reading.authentic || /^(other |incomplete|kind )/.test(reading.reason)
