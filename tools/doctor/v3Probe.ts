import { type KeyObject, X509Certificate } from 'node:crypto'
import type { HttpAnswer } from '../../shared/http/http.js'
import { type Fields, inner, list, text } from '../../shared/payment/weixin-v3/fields.js'
import { sendSigned } from '../../shared/payment/weixin-v3/request.js'
import { opened } from '../../shared/payment/weixin-v3/sealed.js'
import type { V3Merchant } from './accounts.js'
import type { World } from './world.js'

/** Asks for the platform certificates: the one V3 request that needs nothing but good keys. Believed in nothing yet. */
export const askCertificates = (world: World, merchant: V3Merchant): Promise<HttpAnswer> =>
  world.once(`V3 certificates ${merchant.mchId}`, () =>
    sendSigned(merchant, world.context(), { method: 'GET', url: `${merchant.baseUrl}/v3/certificates` }),
  )

export type Certificates = readonly { serial: string; key: KeyObject; until: string }[]

/** The platform certificates that open with the merchant's APIv3 key; all of them are encrypted with that one key. */
export function certificatesIn(merchant: V3Merchant, fields: Fields): Certificates | 'not opened' {
  const found: { serial: string; key: KeyObject; until: string }[] = []
  for (const item of list(fields, 'data')) {
    const pem = opened(merchant, inner(item, 'encrypt_certificate'))
    if (!pem) return 'not opened'
    const { publicKey: key, validTo } = new X509Certificate(pem)
    const until = new Date(validTo).toISOString().slice(0, 10)
    found.push({ serial: (text(item, 'serial_no') ?? '').toUpperCase(), key, until })
  }
  return found
}
