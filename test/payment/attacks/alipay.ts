import type { KeyObject } from 'node:crypto'
import type { SignType } from '../../../tools/emulator/platforms/alipay/account.js'
import {
  type Charset,
  charsetNamed,
  encoded,
  readForm,
  writeForm,
} from '../../../tools/emulator/platforms/alipay/form.js'
import { signatureOf, signedText } from '../../../tools/emulator/platforms/alipay/message.js'
import { keyPair } from '../../../tools/emulator/platforms/certificates/index.js'
import { type Maker, type Otherwise, otherwise } from './table.js'
import type { Changes } from './weixinV2.js'

interface Ways {
  /** Alipay's own unless said otherwise. */
  key?: KeyObject
  type?: SignType
  /** Whether `sign_type` is among what is signed, as a few kinds of messages have it. */
  keepsType?: boolean
  /** In which the message is written and signed; the one it names unless said otherwise. */
  charset?: Charset
}

/** Alipay's notice with other fields, signed again as Alipay does. */
export const notice =
  (changes: Otherwise<Changes>, { key, type = 'RSA2', keepsType = false, charset }: Ways = {}): Maker =>
  (genuine) => {
    const { letter, platforms } = genuine
    const { sign: _sign, ...fields } = readForm(letter.body.toString(), 'utf-8')
    const all = Object.entries({ ...fields, ...otherwise(changes, genuine) })
    const said = Object.fromEntries(all.filter((field): field is [string, string] => field[1] !== undefined))
    const written = charset ?? charsetNamed(said.charset ?? '') ?? 'utf-8'
    const signed = encoded(signedText(said, keepsType ? [] : ['sign_type']), written)
    const own = keyPair(`alipay ${platforms.alipay.account.appId} 0`).privateKey
    const sign = signatureOf(signed, key ?? own, type)
    return { ...letter, body: Buffer.from(writeForm({ ...said, sign }, written)) }
  }
