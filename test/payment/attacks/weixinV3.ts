import { createDecipheriv, type KeyObject } from 'node:crypto'
import { systemRandom } from '../../../shared/clock.js'
import { keyPair } from '../../../tools/emulator/platforms/certificates/index.js'
import {
  encryptResource,
  type Sealed,
  signatureHeaders,
} from '../../../tools/emulator/platforms/weixin-pay-v3/message.js'
import { type Genuine, type Letter, type Maker, type Otherwise, otherwise } from './table.js'

type Fields = Readonly<Record<string, unknown>>

interface Envelope extends Fields {
  resource: Sealed
}

interface Ways {
  /** The APIv3 key, if not the merchant's. */
  key?: string
  /** Fields of the envelope. */
  envelope?: Fields
  /** Fields of the sealed box. */
  box?: Fields
  /** What is sealed, as text. */
  inner?: (text: string) => string
  /** The whole body, as text. */
  written?: (text: string) => string
  /** WeChat Pay's unless said otherwise. */
  signer?: { key?: KeyObject; serial?: string }
}

const bytesOf = ({ ciphertext }: Sealed): Buffer => Buffer.from(ciphertext, 'base64')

function opened(box: Sealed, key: string): Fields {
  const bytes = bytesOf(box)
  const decipher = createDecipheriv('aes-256-gcm', key, box.nonce)
  decipher.setAAD(Buffer.from(box.associated_data)).setAuthTag(bytes.subarray(-16))
  return JSON.parse(`${decipher.update(bytes.subarray(0, -16), undefined, 'utf8')}${decipher.final('utf8')}`)
}

/** V3's notice with other fields inside, sealed and signed again as V3 does, now. */
export const notice =
  (changes: Otherwise<Fields>, ways: Ways = {}): Maker =>
  (genuine) => {
    const { envelope = {}, box = {}, inner = (text) => text, written = (text) => text } = ways
    const { v3Key } = genuine.platforms.merchant
    const sent: Envelope = JSON.parse(genuine.letter.body.toString())
    const said = inner(JSON.stringify({ ...opened(sent.resource, v3Key), ...otherwise(changes, genuine) }))
    const closed = encryptResource(said, sent.resource.associated_data, ways.key ?? v3Key, systemRandom)
    const resource = { ...sent.resource, ...closed, ...box }
    return vouched(genuine, written(JSON.stringify({ ...sent, resource, ...envelope })), ways.signer)
  }

/** Any body, signed as WeChat Pay signs. */
export function vouched(
  { letter, clock, platforms }: Genuine,
  body: string,
  { key, serial = String(letter.headers['wechatpay-serial']) }: Ways['signer'] = {},
): Letter {
  const signer = { serial, key: key ?? keyPair(`wechat pay ${platforms.merchant.mchId}`).privateKey }
  const headers = signatureHeaders(body, signer, { clock, random: systemRandom }, undefined)
  // As a server reads them: lower-case.
  const read = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
  return { ...letter, headers: { ...letter.headers, ...Object.fromEntries(read) }, body: Buffer.from(body) }
}

/** What is signed, whatever it is. */
export const says =
  (body: string): Maker =>
  (genuine) =>
    vouched(genuine, body)

/** The same message with a stroke at its cipher text, signed again. */
export const recut =
  (cut: (bytes: Buffer) => Buffer): Maker =>
  (genuine) => {
    const sent: Envelope = JSON.parse(genuine.letter.body.toString())
    const ciphertext = cut(bytesOf(sent.resource)).toString('base64')
    return vouched(genuine, JSON.stringify({ ...sent, resource: { ...sent.resource, ciphertext } }))
  }
