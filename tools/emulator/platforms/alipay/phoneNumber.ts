import { createHash } from 'node:crypto'
import { sealed } from './content.js'
import type { AlipayWorld } from './entry.js'
import { signatureOf } from './signature.js'
import type { AlipayUser } from './users.js'

/** What the page gets and passes on as one JSON text. */
export interface PhoneNumber {
  /** Base64, sealed with the key for contents. */
  response: string
  sign: string
  mobile: string
}

/** The number of a user, in a text whose signature covers its quotes. */
export function phoneNumber(user: AlipayUser, { account, keys, terms }: AlipayWorld): PhoneNumber {
  const digits = createHash('sha256').update(`phone ${user.name}`).digest().readUInt32BE()
  const mobile = `139${String(digits % 1e8).padStart(8, '0')}`
  const response = sealed(JSON.stringify({ code: '10000', msg: 'Success', mobile }), account)
  const sign = signatureOf(Buffer.from(`"${response}"`), keys.signer().key, terms.signType)
  return { response, sign, mobile }
}
