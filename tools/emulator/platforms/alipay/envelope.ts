import { nonce } from '../../../../shared/clock.js'
import type { Answer } from '../contract.js'
import type { Fault } from '../faults.js'
import { fenIn, yuan } from '../yuan.js'
import type { Charset } from './charset.js'
import { encoded } from './charset.js'
import { sealed } from './content.js'
import type { AlipayWorld } from './entry.js'
import { signatureOf, spoilt } from './signature.js'

/** What can be wrong with a signed answer although the rest of it is right. */
export const signatureFaults = ['forged', 'unsigned', 'downgraded', 'unknown-serial'] as const

/** What is said, and how it goes out. */
export interface Said {
  /** `alipay_trade_query_response`, or `error_response`. */
  key: string
  fields: object
  charset: Charset
  isSigned: boolean
  isEncrypted: boolean
  fault: Fault | undefined
}

/** The number of no certificate. */
const NOBODYS_SN = '0'.repeat(32)

/** An answer as the gateway writes it: slashes escaped, the signature over exactly the bytes of the one value. */
export function enveloped(said: Said, world: AlipayWorld): Answer {
  const { key, charset, fault } = said
  const value = writtenValue(said, world)
  const signer = world.keys.signer()
  const certSn = signer.certSn && fault === 'unknown-serial' ? NOBODYS_SN : signer.certSn
  const type = fault === 'downgraded' ? 'RSA' : world.terms.signType
  const sign = signatureOf(encoded(value, charset), signer.key, type)
  const members = [
    `"${key}":${value}`,
    ...(said.isSigned && certSn ? [`"alipay_cert_sn":"${certSn}"`] : []),
    ...(said.isSigned && fault !== 'unsigned'
      ? [`"sign":"${fault === 'forged' ? spoilt(sign) : sign}"`]
      : []),
  ]
  return {
    status: 200,
    headers: { 'content-type': `text/html;charset=${charset}`, trace_id: nonce(world.random) },
    body: encoded(`{${members.join(',')}}`, charset),
  }
}

function writtenValue({ fields, isEncrypted, fault }: Said, { account }: AlipayWorld): string {
  const text = JSON.stringify(fault === 'wrong-amount' ? misstated(fields) : fields)
  return isEncrypted ? JSON.stringify(sealed(text, account)) : text.replaceAll('/', '\\/')
}

const AMOUNTS: ReadonlySet<string> = new Set(['total_amount', 'refund_amount', 'refund_fee'])

/** One fen more in every amount that matters. */
const misstated = (fields: object): object =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) =>
      AMOUNTS.has(name) ? [name, yuan(fenIn(String(value)) + 1)] : [name, value],
    ),
  )
