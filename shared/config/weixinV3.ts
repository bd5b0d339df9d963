import * as v from 'valibot'
import type { Settings } from './settings.js'
import { shaped } from './shaped.js'

/** 32 bytes, every one a printable ASCII character. */
const apiKey = v.pipe(v.string(), v.regex(/^[\x21-\x7e]{32}$/))
const serialNo = v.pipe(v.string(), v.regex(/^[0-9A-Fa-f]{8,40}$/), v.toUpperCase())
const publicKeyId = v.pipe(v.string(), v.regex(/^PUB_KEY_ID_\w{1,64}$/))
const file = v.pipe(v.string(), v.minLength(1))

/** How WEIXIN_MERCHANTS describes the V3 side of a merchant. */
export const weixinV3Entry = v.strictObject({
  key: apiKey,
  serialNo,
  privateKey: file,
  publicKeys: v.optional(v.array(v.strictObject({ id: publicKeyId, key: file })), []),
})

/**
 * What WeChat Pay V3 needs of a merchant. Keys are texts as they were set (PEM, base64 or a path): they are read when
 * they are used, since a function that only checks notices never signs.
 */
export interface WeixinV3Credentials {
  /** The APIv3 key: opens notices and certificates. */
  key: string
  /** Of the merchant's own API certificate, upper-case hex. */
  serialNo: string
  privateKey: string
  /** WeChat Pay public keys, the one in use first. Empty: platform certificates alone. */
  publicKeys: { id: string; key: string }[]
}

/** The V3 side of the single merchant; undefined when none of its three settings is there, an error when only some are. */
export function weixinV3Credentials(settings: Settings): WeixinV3Credentials | undefined {
  const key = shaped(settings, 'WEIXIN_PAY_V3_KEY', apiKey)
  const serial = shaped(settings, 'WEIXIN_PAY_SERIAL_NO', serialNo)
  const privateKey = settings.get('WEIXIN_PAY_PRIVATE_KEY')
  if (key === undefined && serial === undefined && privateKey === undefined) return undefined
  if (key === undefined) throw settings.missing('WEIXIN_PAY_V3_KEY')
  if (serial === undefined) throw settings.missing('WEIXIN_PAY_SERIAL_NO')
  if (privateKey === undefined) throw settings.missing('WEIXIN_PAY_PRIVATE_KEY')
  return { key, serialNo: serial, privateKey, publicKeys: publicKeys(settings) }
}

function publicKeys(settings: Settings): WeixinV3Credentials['publicKeys'] {
  const id = shaped(settings, 'WEIXIN_PAY_PUBLIC_KEY_ID', publicKeyId)
  const key = settings.get('WEIXIN_PAY_PUBLIC_KEY')
  if (id === undefined && key === undefined) return []
  if (id === undefined) throw settings.missing('WEIXIN_PAY_PUBLIC_KEY_ID')
  if (key === undefined) throw settings.missing('WEIXIN_PAY_PUBLIC_KEY')
  return [{ id, key }]
}
