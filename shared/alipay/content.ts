import type { AlipayApp } from '../config/alipayApp.js'
import { type CbcBox, openAes128Cbc, sealAes128Cbc } from '../crypto/index.js'
import { lacking } from './keys/credentials.js'

/** Alipay fixes the initial vector: sixteen zero bytes. https://opendocs.alipay.com/common/02mse3 */
const ZERO_IV = Buffer.alloc(16)

function boxOf(app: AlipayApp): CbcBox {
  if (app.aesKey === undefined) throw lacking(app, 'key for encrypted content', 'ALIPAY_AES_KEY')
  return { key: Buffer.from(app.aesKey, 'base64'), iv: ZERO_IV }
}

/** Base64 of the encrypted UTF-8 text. */
export const sealContent = (app: AlipayApp, text: string): string =>
  sealAes128Cbc(boxOf(app), Buffer.from(text)).toString('base64')

/** The reverse of {@link sealContent}. Throws one error whatever is wrong; check the signature first. */
export const openContent = (app: AlipayApp, base64: string): string =>
  openAes128Cbc(boxOf(app), Buffer.from(base64, 'base64')).toString('utf8')
