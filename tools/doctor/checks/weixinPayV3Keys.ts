import { createPublicKey, type KeyObject } from 'node:crypto'
import { merchantKey, publicKeyOf } from '../../../shared/payment/weixin-v3/merchant.js'
import { type V3Merchant, v3MerchantsOf } from '../accounts.js'
import { check } from '../check.js'
import { soundPair } from '../clientCertificate.js'
import { each } from '../examine.js'
import { type Finding, type Say, saying } from '../finding.js'
import { NotYet } from '../hindrance.js'
import { weixinPayV3KeysRemarks } from '../remarks/weixinPayV3Keys.js'
import type { World } from '../world.js'

type Code = keyof typeof weixinPayV3KeysRemarks

const LEAST_BITS = 2048

export const weixinPayV3Keys = check({
  id: 'weixinPay.v3Keys',
  title: { en: 'The V3 keys can be read and belong together', zh: 'V3 密钥可读取且相互匹配' },
  remarks: weixinPayV3KeysRemarks,
  run: (world, say) => each(world, v3MerchantsOf(world), (merchant) => verdicts(world, merchant, say)),
})

/** Keeps WeChat Pay's refusal from being blamed twice, where the keys themselves are at fault. */
export async function blameKeys(world: World, merchant: V3Merchant): Promise<void> {
  const found = await verdicts(world, merchant, saying(weixinPayV3KeysRemarks, []))
  if (found.some(({ level }) => level === 'error')) throw new NotYet('settings-first')
}

async function verdicts(world: World, merchant: V3Merchant, say: Say<Code>): Promise<Finding[]> {
  const { mchId, v3 } = merchant
  const own = readable(() => merchantKey(merchant))
  const publicKeys = publicKeyFaults(merchant, own, say)
  if (!own) return [say('private-key-unreadable', { merchant: mchId }), ...publicKeys]
  const bits = own.asymmetricKeyDetails?.modulusLength ?? 0
  const short = bits < LEAST_BITS ? [say('private-key-short', { merchant: mchId, bits })] : []
  const found = [...short, ...(await certificateFaults(world, merchant, own, say)), ...publicKeys]
  return found.length > 0 ? found : [say('good', { merchant: mchId, serial: v3.serialNo })]
}

/**
 * Holds serial and key against the certificate, where V2's is there: one and the same file serves both. A merchant
 * may have two certificates at a time, so one that shares neither serial nor key with V3 says nothing.
 */
async function certificateFaults(
  world: World,
  merchant: V3Merchant,
  own: KeyObject,
  say: Say<Code>,
): Promise<Finding[]> {
  const pair = await soundPair(world, merchant)
  if (!pair) return []
  const { mchId, v3 } = merchant
  const real = pair.certificate.serialNumber
  const isSameSerial = withoutZeros(real) === withoutZeros(v3.serialNo)
  const isSameKey = pair.certificate.checkPrivateKey(own)
  if (isSameKey === isSameSerial) return []
  const about = { merchant: mchId, serial: v3.serialNo, real }
  return [say(isSameKey ? 'serial-mismatch' : 'key-mismatch', about)]
}

function publicKeyFaults(merchant: V3Merchant, own: KeyObject | undefined, say: Say<Code>): Finding[] {
  const { mchId, v3 } = merchant
  return v3.publicKeys.flatMap(({ id }) => {
    const key = readable(() => publicKeyOf(merchant, id))
    if (!key) return [say('public-key-unreadable', { merchant: mchId, id })]
    const isOwn = own !== undefined && createPublicKey(own).equals(key)
    return isOwn ? [say('public-key-is-own', { merchant: mchId, id })] : []
  })
}

function readable<Key>(read: () => Key): Key | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

const withoutZeros = (hex: string): string => hex.toUpperCase().replace(/^0+/, '')
