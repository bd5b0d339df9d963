import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import { type SignType, signatureOf } from '../../../tools/emulator/platforms/weixin-pay-v2/message.js'
import { readXml, writeXml } from '../../../tools/emulator/platforms/weixin-pay-v2/xml.js'
import { type Maker, type Otherwise, otherwise } from './table.js'

/** Fields to replace, or to leave out. */
export type Changes = Readonly<Record<string, string | undefined>>

const merged = (fields: Changes, changes: Changes): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...fields, ...changes }).filter(
      (field): field is [string, string] => field[1] !== undefined,
    ),
  )

interface PaymentWays {
  /** The merchant's unless said otherwise. */
  key?: string
  type?: SignType
  /** What becomes of the text once the signature is made. */
  written?: (text: string) => string
}

/** V2's payment notice with other fields, signed again as V2 does. */
export const payment =
  (changes: Otherwise<Changes>, { key, type = 'MD5', written = (text) => text }: PaymentWays = {}): Maker =>
  (genuine) => {
    const { letter, platforms } = genuine
    const { sign: _sign, ...fields } = readXml(letter.body.toString())
    const said = merged(fields, otherwise(changes, genuine))
    const sign = signatureOf(said, type, key ?? platforms.merchant.key)
    return { ...letter, body: Buffer.from(written(writeXml({ ...said, sign }))) }
  }

interface RefundWays {
  key?: string
  /** Fields around the sealed ones. */
  outer?: Changes
  /** What is sealed, as text. */
  inner?: (text: string) => string
  /** The cipher text's bytes. */
  sealed?: (bytes: Buffer) => Buffer
}

const cipherKey = (key: string): string => createHash('md5').update(key).digest('hex')

/** V2's refund notice with other fields inside, encrypted again as V2 does. */
export const refund =
  (
    changes: Otherwise<Changes>,
    { key, outer = {}, inner = (text) => text, sealed = (bytes) => bytes }: RefundWays = {},
  ): Maker =>
  (genuine) => {
    const { letter, platforms } = genuine
    const { req_info = '', ...around } = readXml(letter.body.toString())
    const decipher = createDecipheriv('aes-256-ecb', cipherKey(platforms.merchant.key), null)
    const text = decipher.update(req_info, 'base64', 'utf8') + decipher.final('utf8')
    const fields = readXml(text.replace(/^<root>/, '<xml>').replace(/<\/root>$/, '</xml>'))
    const cipher = createCipheriv('aes-256-ecb', cipherKey(key ?? platforms.merchant.key), null)
    const plain = Buffer.from(inner(writeXml(merged(fields, otherwise(changes, genuine)), 'root')))
    const closed = sealed(Buffer.concat([cipher.update(plain), cipher.final()])).toString('base64')
    return { ...letter, body: Buffer.from(writeXml(merged({ ...around, req_info: closed }, outer))) }
  }
