import type { Cause, Diagnosis } from '../../../shared/diagnosis/causes.js'
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
import type { Doctor } from '../doctor.js'
import type { Capture } from './capture.js'

/** What came of holding a capture against one merchant's keys. */
interface MerchantDiagnosis {
  provider: ProviderId
  merchantId: string
  reading: NoticeReading
  finding?: Diagnosis | undefined
}

export interface CaptureDiagnosis {
  /** Whose message it looks like; undefined when nothing tells. */
  sender?: ProviderId | undefined
  /** The one that says most; undefined when the settings have no merchant it could be for. */
  best?: MerchantDiagnosis | undefined
}

/** Holds a capture against every merchant in the settings that it may be for. */
export async function diagnoseCapture(doctor: Doctor, capture: Capture): Promise<CaptureDiagnosis> {
  const named = providerIds.find((id) => id === capture.provider)
  const sender = named ?? looksLike(capture.call.headers, capture.call.rawBody)
  const all: MerchantDiagnosis[] = []
  for (const id of sender ? [sender] : providerIds) {
    for (const merchantId of merchantsOf(doctor, id, capture.merchantId)) {
      const { settings } = doctor
      const provider = await entryOf(id)?.entry.open(settings, doctor.operationContext(), merchantId)
      if (provider) all.push(await diagnoseFor(provider, capture))
    }
  }
  const [best] = all.sort((one, other) => weight(other) - weight(one))
  return { sender, best }
}

function merchantsOf(doctor: Doctor, id: ProviderId, named: string | undefined): string[] {
  const accounts = {
    'weixin-v2': () => v2MerchantsOf(doctor).map(({ mchId }) => mchId),
    'weixin-v3': () => v3MerchantsOf(doctor).map(({ mchId }) => mchId),
    alipay: () =>
      alipayAppsOf(doctor)
        .filter(isPayable)
        .map(({ appId }) => appId),
  }
  const all = [...new Set(accounts[id]())]
  return named !== undefined && all.includes(named) ? [named] : all
}

/** Where nobody knows when it came, it is taken to have come when it says: the clock is not judged. */
async function diagnoseFor(provider: PaymentProvider, { call, at }: Capture): Promise<MerchantDiagnosis> {
  const { id, merchantId } = provider
  const when = at ?? (Number(call.headers['wechatpay-timestamp']) * 1000 || undefined)
  const reading = await provider.readNotice(call, when)
  const finding = reading.authentic ? undefined : await provider.explain(call, reading.reason, when)
  return { provider: id, merchantId, reading, finding }
}

/** Found whenever none of a merchant's keys made the signature: one of another merchant may have. */
const vague: readonly Cause[] = ['other key', 'unknown serial', 'other provider']

/** How much a diagnosis says: more where the keys are the right ones. */
function weight({ reading, finding }: MerchantDiagnosis): number {
  if (reading.authentic) return 3
  if (!finding) return isSignedRight(reading) ? 2 : 0
  return vague.includes(finding.cause) ? 1 : 2
}

/** Whether its signature is right, and it is refused for its contents alone. */
export const isSignedRight = (reading: NoticeReading): boolean =>
  reading.authentic || /^(other |incomplete|kind )/.test(reading.reason)
