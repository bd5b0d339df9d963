import { nonce } from '../../../../shared/clock.js'
import type { LocalMerchant, World } from '../contract.js'
import type { Fault } from '../faults.js'
import { type Message, type SignType, signatureOf } from './signature.js'
import { writeXml } from './xml.js'

/** What can be wrong with a message of ours although the rest of it is right. */
export const messageFaults = ['forged', 'unsigned', 'wrong-amount', 'wrong-merchant'] as const

/** A merchant that is not ours. */
export const OTHER_MERCHANT = '1900000999'

/** Signs a message and writes it down, with the fault that was ordered in it. */
export function seal(
  fields: Record<string, string>,
  signType: SignType,
  world: Pick<World, 'random'> & { merchant: LocalMerchant },
  fault: Fault | undefined,
): string {
  const message: Record<string, string> = { ...fields, nonce_str: nonce(world.random) }
  if (fault === 'wrong-merchant') message.mch_id = OTHER_MERCHANT
  if (fault === 'wrong-amount') oneFenMore(message)
  if (fault !== 'unsigned') message.sign = signatureOf(message, signType, world.merchant.key)
  if (fault === 'forged') message.sign = forgedSign(message)
  return writeXml(message)
}

function oneFenMore(message: Record<string, string>): void {
  for (const name of ['total_fee', 'cash_fee', 'refund_fee', 'cash_refund_fee', 'refund_fee_0']) {
    if (message[name] !== undefined) message[name] = String(Number(message[name]) + 1)
  }
}

/** Right in length and alphabet, so that only the comparison itself can find it out. */
const forgedSign = ({ sign = '' }: Message): string => `${sign.slice(0, -1)}${sign.endsWith('0') ? '1' : '0'}`
